// Who may use the API: `?token=` as Rasa checks it, compared in constant time. Webhooks are never asked.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Middleware } from 'koa'
import { ApiError } from './errors.ts'
import { textArgument } from './query.ts'

/** Lets a request through if no token is set, or if it says the right one; else 401. */
export function requireToken(token: string | undefined): Middleware {
  const expected = token === undefined ? null : digest(token)
  return async function tokenCheck(ctx, next) {
    if (expected !== null && !timingSafeEqual(expected, digest(textArgument(ctx, 'token') ?? ''))) {
      throw new ApiError({
        status: 401,
        reason: 'NotAuthenticated',
        message: 'This route needs the right ?token=.',
      })
    }
    await next()
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
