// The webhook that visitors and the first callers write to.

import { randomUUID } from 'node:crypto'
import { CodedError, parseUserMessageBody } from '@tabula/protocol'
import type { JsonObject } from '@tabula/protocol'
import { isRecord, readJson } from '../../http/body.ts'
import type { PublicRoute } from '../public-route.ts'
import { ANSWERS, WEBHOOK_BODY } from '../schemas.ts'
import type { ShopParts } from '../shop-parts.ts'

export function assistantRoutes({ assistant, rates, addressOf }: ShopParts): readonly PublicRoute[] {
  return [
    {
      method: 'post',
      path: '/conversations/webhook',
      access: 'open',
      tag: 'Assistant',
      summary: 'Say something to the assistant.',
      description:
        'Messages of one sender are answered in order. With a `message_id` (or an `Idempotency-Key` header) a message may be sent again without being handled twice.',
      body: WEBHOOK_BODY,
      hasRawBody: true,
      answer: ANSWERS,
      errors: [409, 422, 503],
      async handle({ ctx }) {
        rates.checkAddress(addressOf(ctx))
        const body = await readJson(ctx.req)
        const { sender, text } = parseUserMessageBody(body)
        if (text === null) throw noText()
        rates.checkSender(sender)
        // The door above takes objects alone.
        const message = (isRecord(body) ? body : {}) as JsonObject
        const messageId = idOf(message, ctx.get('Idempotency-Key'))
        const answers = await assistant.say({
          sender,
          messageId,
          body: { ...message, message_id: messageId },
        })
        ctx.status = 200
        ctx.set('Content-Type', 'application/json')
        ctx.body = answers
        return undefined
      },
    },
  ]
}

function idOf({ message_id: given }: JsonObject, key: string): string {
  if (typeof given === 'string' && given !== '') return given
  return key === '' ? randomUUID() : key
}

function noText(): CodedError {
  return new CodedError('message.no-text', 'message should be a text: {"sender": "...", "message": "..."}.', {
    status: 400,
  })
}
