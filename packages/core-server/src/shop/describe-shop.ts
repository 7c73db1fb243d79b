// The OpenAPI 3.1 document of the public API, made of its route table.

import type { Schema } from '@tabula/protocol'
import { ERROR } from '../http/schemas.ts'
import type { PublicRoute } from './public-route.ts'

const JSON_TYPE = 'application/json'
/** Errors that any route may give, and those that a token brings. */
const COMMON = [400, 413, 429]
const WITH_TOKEN = [401, 403, 503]

export function describeShop(routes: readonly PublicRoute[]): Schema {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tabula',
      version: '1',
      description:
        'The public side of the assistant: what visitors say to it, and what the shop’s people see. Log in with POST /auth/login, press Authorize, and paste the token.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Error: ERROR },
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Of POST /auth/login.' },
        visitor: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Of POST /visitors.' },
      },
    },
  }
}

function operation(route: PublicRoute): Schema {
  const { method, path, access, tag, summary, description, answer, answerType = JSON_TYPE } = route
  const { status = answer === null ? 204 : 200, query = {}, body } = route
  const responses: Record<string, unknown> = {
    [status]: {
      description: answer === null ? 'Done.' : 'What was asked for.',
      ...(answer === null ? {} : { content: { [answerType]: { schema: answer } } }),
    },
  }
  const errors = [...COMMON, ...(access === 'open' ? [] : WITH_TOKEN), ...(path.includes('{') ? [404] : [])]
  for (const error of new Set([...errors, ...(route.errors ?? [])])) {
    responses[error] = {
      description: 'Refused.',
      content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } },
    }
  }
  const needs = access === 'open' || access === 'visitor' ? '' : ` Role: ${access} or higher.`
  return {
    operationId: `${method}${path.replaceAll(/[^a-z]+/gi, '_').replace(/_$/, '')}`,
    summary,
    description: `${description ?? ''}${needs}`.trim(),
    tags: [tag],
    security: access === 'open' ? [] : [{ [access === 'visitor' ? 'visitor' : 'session']: [] }],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { [JSON_TYPE]: { schema: body } } } }),
    responses,
  }
}

function pathParameters(path: string): readonly Schema[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: Readonly<Record<string, Schema>>): readonly Schema[] {
  return Object.entries(query).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    schema,
    ...(description === undefined ? {} : { description }),
  }))
}
