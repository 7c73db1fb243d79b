// One id a request, in its answer and in every log entry about it: the caller's own where it is a plain word, else ours.

import { randomBytes } from 'node:crypto'
import type { Context, Middleware } from 'koa'

const PLAIN = /^[\w.:-]{1,64}$/

/** Gives each request its id before anything else runs. */
export function nameRequests(): Middleware {
  const process = randomBytes(4).toString('hex')
  let count = 0
  return async function requestNames(ctx, next) {
    const given = ctx.get('X-Request-Id')
    const id = PLAIN.test(given) ? given : `${process}-${(++count).toString(36)}`
    ctx.set('X-Request-Id', id)
    await next()
  }
}

export function requestId(ctx: Context): string {
  return ctx.response.get('X-Request-Id')
}
