// What the webhooks of all channels share: the health route, the raw body, its signature, and reading it as JSON or a form.

import { createHmac } from 'node:crypto'
import type { Router } from '@koa/router'
import type { Context } from 'koa'
import { isRecord, parseJson, readBody } from '../http/body.ts'
import { ApiError, badRequest } from '../http/errors.ts'
import { sendJson } from '../http/json-answer.ts'

export type WebhookHandler = (ctx: Context, body: Buffer) => Promise<void>

/** Adds `GET /webhooks/NAME` and the webhook; the handler is given the body's bytes, as signatures are made of them. */
export function mountWebhook(
  router: Router,
  name: string,
  handle: WebhookHandler,
  methods: readonly ('GET' | 'POST')[] = ['POST'],
): void {
  router.get(`/webhooks/${name}`, ctx => {
    sendJson(ctx, { status: 'ok' })
  })
  router.register(`/webhooks/${name}/webhook`, [...methods], async ctx => {
    await handle(ctx, await readBody(ctx.req))
  })
}

/** The body as a JSON object; throws 400 for anything else. */
export function jsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  const value = parseJson(body)
  if (!isRecord(value)) throw badRequest('The body should be a JSON object.')
  return value
}

export function form(body: Buffer): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'))
}

/** The HMAC of the bytes under the secret. */
export function hmac(
  algorithm: 'sha1' | 'sha256',
  secret: string,
  data: Buffer | string,
  encoding: 'hex' | 'base64' = 'hex',
): string {
  return createHmac(algorithm, secret).update(data).digest(encoding)
}

/** A request that does not come from whom it should: it says what is missing, and nothing of what was expected. */
export function unverified(status: 400 | 401 | 403, message: string): ApiError {
  const reason = { 400: 'BadRequest', 401: 'NotAuthenticated', 403: 'NotAuthorized' }[status]
  return new ApiError({ status, reason, message })
}

/** What stands at a path of keys and list places; undefined where the way there is broken. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found: unknown = value
  for (const step of path) {
    if (typeof step === 'number') found = Array.isArray(found) ? (found as unknown[])[step] : undefined
    else found = isRecord(found) && Object.hasOwn(found, step) ? found[step] : undefined
  }
  return found
}

/** A text that stands there; a number as one, for ids. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path)
  if (typeof found === 'number') return String(found)
  return typeof found === 'string' ? found : undefined
}
