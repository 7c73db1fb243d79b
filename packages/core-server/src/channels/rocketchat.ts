// Rasa's Rocket.Chat channel: outgoing and livechat webhooks in, chat.postMessage out.
// https://developer.rocket.chat/apidocs/post-message, https://docs.rocket.chat/docs/integrations

import type { Context } from 'koa'
import type { JsonObject, JsonValue } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { isSameSecret } from '../http/same-secret.ts'
import { sendText } from '../http/json-answer.ts'
import type { CreateChannel, DeliveringChannel, OutputChannel } from './channel.ts'
import { createProviderClient } from './provider-client.ts'
import type { ProviderAnswer, ProviderClient } from './provider-client.ts'
import { inText, renderMessage, textParts } from './render-message.ts'
import { apiUrl, neededText, optionalText } from './settings.ts'
import { splitText } from './split-text.ts'
import { toUserMessage } from './user-message.ts'
import { at, jsonObject, mountWebhook, textAt, unverified } from './webhook.ts'

/** Characters of a message, as a server allows them by default. */
const MAX_TEXT = 5000

export const createRocketchat: CreateChannel = (settings, host) => {
  const user = neededText(settings, 'rocketchat', 'user')
  const password = neededText(settings, 'rocketchat', 'password')
  const url = `${apiUrl(settings, 'rocketchat', 'server_url')}/api/v1`
  const webhookToken = optionalText(settings, 'webhook_token')
  const api = createProviderClient('rocketchat', host.log)
  const output = createOutput(createPoster(api, url, { user, password }))
  const channel: DeliveringChannel = {
    name: 'rocketchat',
    output: () => output,
    reach: () => output,
    mount(router) {
      if (webhookToken === undefined) {
        host.log.warn(
          { code: 'rocketchat.open' },
          'rocketchat has no webhook_token: anybody who finds the webhook can write as any user.',
        )
      }
      mountWebhook(
        router,
        'rocketchat',
        async (ctx, body) => {
          if (body.length > 0) await answer(ctx, jsonObject(body))
          sendText(ctx, '')
        },
        ['GET', 'POST'],
      )
    },
    close: () => api.close(),
  }

  async function answer(ctx: Context, body: unknown): Promise<void> {
    if (webhookToken !== undefined) {
      const given = ctx.get('X-RocketChat-Livechat-Token') || (textAt(body, 'token') ?? '')
      if (!isSameSecret(given, webhookToken)) {
        throw unverified(401, 'The request does not bear the token of the webhook.')
      }
    }
    const isLive = at(body, 'visitor') !== undefined
    const said = isLive ? at(body, 'messages', 0) : body
    const text = textAt(said, isLive ? 'msg' : 'text')
    const sender = textAt(body, isLive ? '_id' : 'channel_id')
    if (textAt(said, isLive ? 'username' : 'user_name') === user) return
    if (text === undefined || sender === undefined) return
    await host.accept(channel, {
      message: toUserMessage({ text, sender, channel: 'rocketchat' }),
      id: textAt(said, isLive ? '_id' : 'message_id') ?? null,
      address: {},
    })
  }

  return channel
}

type Post = (message: JsonObject) => Promise<void>

/** Posts as the user; it logs in when it must, and anew where the login has run out. */
function createPoster(
  api: ProviderClient,
  url: string,
  login: { readonly user: string; readonly password: string },
): Post {
  let session: Promise<Readonly<Record<string, string>>> | null = null
  const logIn = async (): Promise<Readonly<Record<string, string>>> => {
    const { body } = await api.call(`${url}/login`, { json: login })
    return {
      'x-auth-token': textAt(body, 'data', 'authToken') ?? '',
      'x-user-id': textAt(body, 'data', 'userId') ?? '',
    }
  }
  return async message => {
    const target = `${url}/chat.postMessage`
    const json = message
    const isPosted = ({ body }: ProviderAnswer): boolean => body['success'] === true
    const first = await api.call(target, { json, headers: await (session ??= logIn()) })
    if (isPosted(first)) return
    // Anything but a login that has run out is tried once more only for the word in the log.
    if (first.status === 401) session = logIn()
    await api.deliver(target, { json, headers: await session }, isPosted)
  }
}

function createOutput(post: Post): OutputChannel {
  return {
    name: 'rocketchat',
    async send(roomId, message) {
      await renderMessage(
        {
          async text(text) {
            for (const part of textParts(text).flatMap(each => splitText(each, MAX_TEXT))) {
              await post({ roomId, text: part })
            }
          },
          // A button without a payload sends its title; in Rasa it ends the turn.
          buttons(text, buttons) {
            const actions = buttons.map(({ title = '', payload = title }) => ({
              ...{ text: title, msg: payload, type: 'button', msg_in_chat_window: true },
            }))
            return post({ roomId, ...(text === null ? {} : { text }), attachments: [{ actions }] })
          },
          image: image => post({ roomId, attachments: [{ image_url: image, collapsed: false }] }),
          attachment: attachment => post({ roomId, attachments: [attachment] }),
          elements: elements => post({ roomId, attachments: elements }),
          custom: custom => post(customMessage(custom, roomId)),
        },
        message,
      )
    },
  }
}

/** A channel goes before a room; keys are those of the Python library, which knows a room as room_id. */
function customMessage(custom: JsonValue, recipient: string): JsonObject {
  if (!isRecord(custom)) return { roomId: recipient, text: inText(custom) }
  const { room_id: room, ...others } = custom
  if (others['channel'] !== undefined) return others
  return { roomId: room ?? recipient, ...others }
}
