// One id a request, in its answer and in every log entry about it: the caller's own where it is a plain word, else ours.

import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { Context, Middleware } from 'koa'

const PLAIN = /^[\w.:-]{1,64}$/

const current = new AsyncLocalStorage<string>()

/** Gives each request its id before anything else runs; what runs on its behalf later is logged under it too. */
export function nameRequests(): Middleware {
  const process = randomBytes(4).toString('hex')
  let count = 0
  return async function requestNames(ctx, next) {
    const given = ctx.get('X-Request-Id')
    const id = PLAIN.test(given) ? given : `${process}-${(++count).toString(36)}`
    ctx.set('X-Request-Id', id)
    await current.run(id, next)
  }
}

export function requestId(ctx: Context): string {
  return String(ctx.res.getHeader('X-Request-Id') ?? '')
}

/** The id of the request that is being worked for; undefined outside of one. */
export function currentRequest(): string | undefined {
  return current.getStore()
}
