// Which pages of other origins may call: those listed, with credentials, or any (`*`), without them. Rasa's default is none.

import type { Middleware } from 'koa'

/** Answers preflights and marks answers for allowed origins; exposes the `filename` header as Rasa does. */
export function allowOrigins(origins: string | readonly string[] | undefined): Middleware | null {
  const allowed = new Set(typeof origins === 'string' ? [origins] : origins)
  if (allowed.size === 0) return null
  const isOpen = allowed.has('*')
  return async function cors(ctx, next) {
    const origin = ctx.get('Origin')
    ctx.vary('Origin')
    if (origin === '' || !(isOpen || allowed.has(origin))) {
      await next()
      return
    }
    ctx.set('Access-Control-Allow-Origin', isOpen ? '*' : origin)
    if (!isOpen) ctx.set('Access-Control-Allow-Credentials', 'true')
    ctx.set('Access-Control-Expose-Headers', 'filename')
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') {
      await next()
      return
    }
    ctx.set('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE, OPTIONS')
    ctx.set('Access-Control-Allow-Headers', ctx.get('Access-Control-Request-Headers'))
    ctx.status = 204
  }
}
