// A route of the public API: who may call it, what it takes, what it answers, and who handles it. The description is the
// one that /openapi.json gives; its schemas are those that check the request.

import type { Router } from '@koa/router'
import type { Context } from 'koa'
import { CodedError, createDoor, PARSE_LIMITS } from '@tabula/protocol'
import type { JsonObject, JsonValue, Schema } from '@tabula/protocol'
import { asDatabaseError } from '../database/database-errors.ts'
import { readJson } from '../http/body.ts'
import { badRequest } from '../http/errors.ts'
import { sendJson } from '../http/json-answer.ts'
import type { UserRole } from '../users/roles.ts'

/** `open` asks nobody; `visitor` wants the token of POST /visitors; a role wants that role or a higher one. */
export type Access = 'open' | 'visitor' | UserRole

export type Caller =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'visitor'; readonly sender: string; readonly expiresAt: number }
  | UserCaller

export interface UserCaller {
  readonly kind: 'user'
  readonly id: string
  readonly email: string
  readonly role: UserRole
  /** When the token ends, in seconds since 1970. */
  readonly expiresAt: number
}

export interface PublicCall {
  readonly ctx: Context
  /** Decoded parts of the path by their names. */
  readonly path: Readonly<Record<string, string>>
  readonly query: JsonObject
  readonly body: JsonObject
  readonly caller: Caller
}

export interface PublicRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** In OpenAPI's notation: /conversations/{sender}. */
  readonly path: string
  readonly access: Access
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Of each parameter of the query; others are refused. */
  readonly query?: Readonly<Record<string, Schema>>
  readonly body?: Schema
  /** The handler reads the body itself. */
  readonly hasRawBody?: boolean
  /** What is answered where all is well; null for no content. */
  readonly answer: Schema | null
  readonly answerType?: string
  readonly status?: number
  /** Statuses of errors that are particular to the route. */
  readonly errors?: readonly number[]
  /** What it returns is answered as JSON; undefined where it has answered by itself. */
  readonly handle: (call: PublicCall) => Promise<unknown>
}

/** Who calls; throws ApiError 401 and 403. */
export type Identify = (ctx: Context, access: Access) => Promise<Caller>

export function addPublicRoutes(router: Router, routes: readonly PublicRoute[], identify: Identify): void {
  for (const route of routes) {
    const readQuery = queryReader(route.query ?? {})
    const body = route.body === undefined || route.hasRawBody === true ? null : bodyReader(route.body)
    const { status = route.answer === null ? 204 : 200 } = route
    router[route.method](route.path.replaceAll(/\{(\w+)\}/g, ':$1'), async ctx => {
      const answer = await asDatabaseWork(async () => {
        const caller = await identify(ctx, route.access)
        return route.handle({
          ctx,
          path: ctx.params,
          query: readQuery(ctx),
          body: body === null ? {} : body(await readJson(ctx.req)),
          caller,
        })
      })
      if (status === 204) ctx.status = 204
      else if (answer !== undefined) sendJson(ctx, answer, status)
    })
  }
}

async function asDatabaseWork<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw asDatabaseError(error)
  }
}

function bodyReader(schema: Schema): (value: unknown) => JsonObject {
  const door = createDoor('The body', schema, PARSE_LIMITS.request)
  return value => {
    if (value === null) throw badRequest('The body is missing: it should be a JSON object.', '')
    return named('body', () => door(value))
  }
}

/** Texts of the query as the schema's types; of several values of one name the first counts. */
function queryReader(properties: Readonly<Record<string, Schema>>): (ctx: Context) => JsonObject {
  const door = createDoor(
    'The query',
    { type: 'object', properties, additionalProperties: false },
    PARSE_LIMITS.request,
  )
  return ctx => {
    const values: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>
    for (const [name, given] of Object.entries(ctx.query)) {
      const text = Array.isArray(given) ? given[0] : given
      if (text !== undefined && text !== '') values[name] = typed(text, properties[name]?.['type'])
    }
    return named('query', () => door({ ...values }))
  }
}

function typed(text: string, type: unknown): JsonValue {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if ((type === 'number' || type === 'integer') && Number.isFinite(Number(text))) return Number(text)
  return text
}

function named<Result>(place: 'query' | 'body', work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof CodedError) || error.status !== 400) throw error
    const { path, expected } = error.details
    const name =
      (typeof path === 'string' ? path.split('/')[1] : undefined) ??
      /^the key '(.+)'$/.exec(String(expected))?.[1]
    throw badRequest(error.message, name ?? '', place)
  }
}
