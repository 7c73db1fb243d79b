// Rasa's callback channel: takes messages as REST does, and posts each answer to a URL.

import { CodedError, parseUserMessageBody } from '@tabula/protocol'
import { createEndpointClient } from '../action-client/endpoint-client.ts'
import { EndpointError } from '../action-client/endpoint-error.ts'
import { readEndpoint } from '../action-client/endpoint.ts'
import { isRecord, readExactJson } from '../http/body.ts'
import { sendJson, sendText } from '../http/json-answer.ts'
import type { ChannelHost, DeliveringChannel, OutputChannel } from './channel.ts'
import { CollectingOutput } from './collecting-output.ts'
import { messageId } from './message-id.ts'
import { toUserMessage } from './user-message.ts'
import { createWebhookAccess, senderOf, visitorOf, warnOfAccess } from './webhook-access.ts'

const DEADLINE = 300_000

export function createCallback(
  settings: Readonly<Record<string, unknown>>,
  host: ChannelHost,
): DeliveringChannel {
  const client = createEndpointClient(readEndpoint(settings, 'credentials.yml: callback'))
  const access = createWebhookAccess(settings, 'callback')
  warnOfAccess(host, 'callback', access)
  const output = (): OutputChannel =>
    new CollectingOutput('callback', async message => {
      try {
        await client.post(message, { deadline: DEADLINE })
      } catch (error) {
        // As in Rasa, an answer that the other side refuses is logged; one that does not reach it is sent again.
        if (!(error instanceof EndpointError) || error.httpStatus === null) throw error
        host.log.error({ code: 'callback.refused', err: error }, 'The callback URL refused an answer.')
      }
    })
  const channel: DeliveringChannel = {
    name: 'callback',
    output,
    reach: output,
    mount(router) {
      router.get('/webhooks/callback', ctx => {
        sendJson(ctx, { status: 'ok' })
      })
      router.post('/webhooks/callback/webhook', async ctx => {
        const visitor = await visitorOf(ctx, access)
        const body = await readExactJson(ctx.req)
        const { text, sender: named } = parseUserMessageBody(body)
        const sender = senderOf(visitor, named, isRecord(body) ? body['sender'] : undefined)
        if (text === null) {
          throw new CodedError('callback.no-text', 'message should be a text.', { status: 400 })
        }
        const message = toUserMessage({ text, sender, channel: 'callback' })
        await host.accept(channel, { message, id: messageId(ctx, body), address: {} })
        sendText(ctx, 'success')
      })
    },
    close: () => client.close(),
  }
  return channel
}
