// Rasa's REST channel: a message in, the list of answers out, at once or as lines while they are said.

import { PassThrough } from 'node:stream'
import type { Router } from '@koa/router'
import type { Context } from 'koa'
import { CodedError, parseUserMessageBody } from '@tabula/protocol'
import type { JsonValue, UserMessage } from '@tabula/protocol'
import type { DescribedRoute } from '../http/api-route.ts'
import { isRecord, readExactJson } from '../http/body.ts'
import { badRequest } from '../http/errors.ts'
import { sendJson } from '../http/json-answer.ts'
import { flagArgument } from '../http/query.ts'
import { COLLECTED_MESSAGES, USER_MESSAGE } from '../http/schemas.ts'
import { requestId } from '../telemetry/request-id.ts'
import type { Channel, ChannelHost, OutputChannel } from './channel.ts'
import { CollectingOutput } from './collecting-output.ts'
import { messageId } from './message-id.ts'
import { isOn } from './settings.ts'
import type { ChannelSettings } from './settings.ts'
import { SHARED_SENDER, toUserMessage } from './user-message.ts'
import { createWebhookAccess, senderOf, visitorOf, warnOfAccess } from './webhook-access.ts'
import type { WebhookAccess } from './webhook-access.ts'

/** `eventChannel` is the input channel of its events where the message names none: `cmdline` plays REST too. */
export function createRest(settings: ChannelSettings, host: ChannelHost, eventChannel = 'rest'): Channel {
  const access = createWebhookAccess(settings, 'rest')
  if (eventChannel === 'rest') warnOfAccess(host, 'rest', access)
  const requiresSender = isOn(settings, 'require_sender')
  return {
    name: 'rest',
    mount(router: Router) {
      router.get('/webhooks/rest', ctx => {
        sendJson(ctx, { status: 'ok' })
      })
      const answer = answerMessage(host, eventChannel, { access, requiresSender })
      router.post('/webhooks/rest/webhook', answer)
    },
  }
}

/** The webhook as /openapi.json tells of it. */
export const REST_WEBHOOK: DescribedRoute = {
  method: 'post',
  path: '/webhooks/rest/webhook',
  tag: 'Channel',
  summary: 'Says something to the bot',
  query: { stream: { description: 'Answers come while they are said', schema: { type: 'boolean' } } },
  body: { description: 'The message', content: { 'application/json': USER_MESSAGE } },
  answers: {
    200: {
      description: 'What the bot says, with `stream=true` one object a line',
      content: { 'application/json': COLLECTED_MESSAGES, 'text/event-stream': { type: 'string' } },
    },
  },
  errors: [422],
}

export interface RestOptions {
  readonly access: WebhookAccess
  /** Refuses messages without a sender, all of which would share one conversation. */
  readonly requiresSender: boolean
}

const OPEN: RestOptions = { access: createWebhookAccess({}, 'rest'), requiresSender: false }

/** The webhook as a handler: `{sender, message, metadata, input_channel}` in, the list of answers out. */
export function answerMessage(
  host: ChannelHost,
  eventChannel: string,
  { access, requiresSender }: RestOptions = OPEN,
): (ctx: Context) => Promise<void> {
  let isWarned = false
  return async function answer(ctx) {
    const visitor = await visitorOf(ctx, access)
    const body = await readExactJson(ctx.req)
    const { text, sender: named, metadata, inputChannel = eventChannel } = parseUserMessageBody(body)
    const sender = senderOf(visitor, named, isRecord(body) ? body['sender'] : undefined)
    if (sender === SHARED_SENDER && requiresSender) throw badRequest('A message needs a sender.', 'sender')
    if (sender === SHARED_SENDER && !isWarned) {
      isWarned = true
      host.log.warn(
        { code: 'rest.no-sender' },
        'A message names no sender: all such messages share one conversation. require_sender: true refuses them.',
      )
    }
    if (text === null) {
      // Rasa swallows what it cannot read as a text: an empty list, and nothing is stored.
      sendJson(ctx, [])
      return
    }
    const message = toUserMessage({ text, sender, metadata, channel: inputChannel })
    if (flagArgument(ctx, 'stream')) {
      streamAnswers(ctx, host, message, body)
      return
    }
    sendJson(ctx, await collectAnswers(host, message, { id: messageId(ctx, body), request: requestId(ctx) }))
  }
}

/**
 * The answers to a message, as REST gives them; under an id that was answered before, the same ones again. Throws
 * CodedError where the message is refused (422, 429, 503).
 */
export async function collectAnswers(
  host: ChannelHost,
  message: UserMessage,
  named: { readonly id: string | null; readonly request: string },
): Promise<JsonValue> {
  const output = new CollectingOutput()
  await handle(host, message, output, named)
  // Buttons and the like came out of JSON.
  return output.messages as unknown as JsonValue
}

/** Answers as they are said, one JSON object a line. */
function streamAnswers(ctx: Context, host: ChannelHost, message: UserMessage, body: unknown): void {
  const stream = new PassThrough()
  ctx.status = 200
  ctx.set('Content-Type', 'text/event-stream')
  ctx.body = stream
  const output = new CollectingOutput('queue', line => {
    stream.write(`${JSON.stringify(line)}\n`)
  })
  void handle(host, message, output, { request: requestId(ctx), id: messageId(ctx, body) })
    .catch((error: unknown) => {
      host.log.warn({ code: 'rest.refused', err: error }, 'A streamed message was refused.')
    })
    .finally(() => stream.end())
}

/** A failed turn answers with what was sent until then, as in Rasa; only a refusal to take the message is an error. */
async function handle(
  host: ChannelHost,
  message: UserMessage,
  output: OutputChannel,
  { request, id }: { readonly request: string; readonly id: string | null },
): Promise<void> {
  try {
    await host.handle(message, output, id)
  } catch (error) {
    if (error instanceof CodedError && [422, 429, 503].includes(error.status)) throw error
    const isQuiet = error instanceof CodedError && error.status < 500
    host.log[isQuiet ? 'warn' : 'error'](
      { code: 'rest.turn-failed', err: error, request },
      'A message was not handled.',
    )
  }
}
