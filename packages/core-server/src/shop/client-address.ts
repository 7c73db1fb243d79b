// The address that a request came from. A header that says so counts only as far as proxies of ours have written it.

import type { Context } from 'koa'

/** `trusted` proxies stand before this server: each has added the address that it was asked from. */
export function clientAddress(ctx: Context, trusted: number): string {
  const direct = ctx.req.socket.remoteAddress ?? ''
  if (trusted === 0) return direct
  const told = ctx
    .get('X-Forwarded-For')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
  return told.at(-trusted) ?? told[0] ?? direct
}
