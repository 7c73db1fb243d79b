// Which pages of other origins may call: those listed, or any (`*`); none without the setting, as in Rasa.

import type { Middleware } from 'koa'

export function allowOrigins(origins: string | readonly string[] = []): Middleware {
  const allowed = new Set(typeof origins === 'string' ? [origins] : origins)
  return async function cors(ctx, next) {
    const origin = ctx.get('Origin')
    if (allowed.size > 0) ctx.vary('Origin')
    if (origin === '' || !(allowed.has('*') || allowed.has(origin))) {
      await next()
      return
    }
    ctx.set('Access-Control-Allow-Origin', allowed.has('*') ? '*' : origin)
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') {
      await next()
      return
    }
    ctx.set('Access-Control-Allow-Methods', 'GET, POST, OPTIONS')
    ctx.set('Access-Control-Allow-Headers', ctx.get('Access-Control-Request-Headers'))
    ctx.status = 204
  }
}
