// The id that a client gives a message, so that a repeat of it is answered alike; Rasa knows no such id.

import type { Context } from 'koa'
import { isRecord } from '../http/body.ts'

/** The header `Idempotency-Key`, else the body's `message_id`; null where neither is a text of 1 to 255 characters. */
export function messageId(ctx: Context, body: unknown): string | null {
  const header = ctx.get('Idempotency-Key')
  const named = isRecord(body) ? body['message_id'] : undefined
  const id = header === '' ? named : header
  return typeof id === 'string' && id !== '' && id.length <= 255 ? id : null
}
