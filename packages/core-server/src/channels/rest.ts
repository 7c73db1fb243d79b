// Rasa's REST channel: a message in, the list of answers out, at once or as lines while they are said.

import { PassThrough } from 'node:stream'
import type { Router } from '@koa/router'
import type { Context } from 'koa'
import { CodedError, parseUserMessageBody } from '@tabula/protocol'
import type { UserMessage } from '@tabula/protocol'
import { readExactJson } from '../http/body.ts'
import { sendJson } from '../http/json-answer.ts'
import { flagArgument } from '../http/query.ts'
import { requestId } from '../telemetry/request-id.ts'
import type { Channel, ChannelHost, OutputChannel } from './channel.ts'
import { CollectingOutput } from './collecting-output.ts'
import { toUserMessage } from './user-message.ts'

/** `eventChannel` is the input channel of its events where the message names none: `cmdline` plays REST too. */
export function createRest(
  _settings: Readonly<Record<string, unknown>>,
  host: ChannelHost,
  eventChannel = 'rest',
): Channel {
  return {
    name: 'rest',
    mount(router: Router) {
      router.get('/webhooks/rest', ctx => {
        sendJson(ctx, { status: 'ok' })
      })
      router.post('/webhooks/rest/webhook', answerMessage(host, eventChannel))
    },
  }
}

/** The webhook as a handler: `{sender, message, metadata, input_channel}` in, the list of answers out. */
export function answerMessage(host: ChannelHost, eventChannel: string): (ctx: Context) => Promise<void> {
  return async function answer(ctx) {
    const {
      text,
      sender,
      metadata,
      inputChannel = eventChannel,
    } = parseUserMessageBody(await readExactJson(ctx.req))
    if (text === null) {
      // Rasa swallows what it cannot read as a text: an empty list, and nothing is stored.
      sendJson(ctx, [])
      return
    }
    const message = toUserMessage({ text, sender, metadata, channel: inputChannel })
    if (flagArgument(ctx, 'stream')) {
      streamAnswers(ctx, host, message)
      return
    }
    const output = new CollectingOutput()
    await handle(host, message, output, requestId(ctx))
    sendJson(ctx, output.messages)
  }
}

/** Answers as they are said, one JSON object a line. */
function streamAnswers(ctx: Context, host: ChannelHost, message: UserMessage): void {
  const stream = new PassThrough()
  ctx.status = 200
  ctx.set('Content-Type', 'text/event-stream')
  ctx.body = stream
  const output = new CollectingOutput('queue', line => {
    stream.write(`${JSON.stringify(line)}\n`)
  })
  void handle(host, message, output, requestId(ctx))
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
  request: string,
): Promise<void> {
  try {
    await host.handle(message, output)
  } catch (error) {
    if (error instanceof CodedError && (error.status === 429 || error.status === 503)) throw error
    const isQuiet = error instanceof CodedError && error.status < 500
    host.log[isQuiet ? 'warn' : 'error'](
      { code: 'rest.turn-failed', err: error, request },
      'A message was not handled.',
    )
  }
}
