// Answers as JSON, packed for callers that read it so.

import type { Context } from 'koa'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'

/** Below it packing costs more than it spares. */
const PACK_FROM = 4_096

const pack = promisify(gzip)

export async function answer(ctx: Context, status: number, body: unknown): Promise<void> {
  const text = JSON.stringify(body)
  ctx.status = status
  ctx.set('Content-Type', 'application/json')
  if (text.length < PACK_FROM || ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') {
    ctx.body = text
    return
  }
  ctx.set('Content-Encoding', 'gzip')
  ctx.vary('Accept-Encoding')
  ctx.body = await pack(text, { level: constants.Z_BEST_SPEED })
}
