// Rasa's Google Chat channel, under its old name: the answer to the request is the one reply.
// https://developers.google.com/workspace/chat/api/reference/rest/v1/Event, and for its token
// https://developers.google.com/workspace/chat/verify-requests-from-chat (with the project's number as the audience)

import { X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import type { BotMessage, JsonObject, JsonValue, UserMessage } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { bearerToken } from '../http/jwt.ts'
import { sendJson, sendText } from '../http/json-answer.ts'
import type { Channel, CreateChannel, OutputChannel } from './channel.ts'
import { createProviderClient } from './provider-client.ts'
import type { ProviderClient } from './provider-client.ts'
import { inText, renderMessage } from './render-message.ts'
import { createSignedTokens } from './signed-tokens.ts'
import { apiUrl, optionalText } from './settings.ts'
import { toUserMessage } from './user-message.ts'
import { at, jsonObject, mountWebhook, textAt, unverified } from './webhook.ts'

const ISSUER = 'chat@system.gserviceaccount.com'
const CERTIFICATES = `https://www.googleapis.com/service_accounts/v1/metadata/x509/${ISSUER}`

export const createHangouts: CreateChannel = (settings, host) => {
  const project = optionalText(settings, 'project_id')
  const certificates = apiUrl(settings, 'hangouts', 'certs_url', CERTIFICATES)
  const api = createProviderClient('hangouts', host.log)
  const tokens = createSignedTokens(() => fetchCertificates(api, certificates))
  const channel: Channel = {
    name: 'hangouts',
    mount(router) {
      if (project === undefined) {
        host.log.warn(
          { code: 'hangouts.open' },
          'hangouts has no project_id: that the webhook is called by Google is not checked.',
        )
      }
      mountWebhook(router, 'hangouts', async (ctx, body) => {
        const token = bearerToken(ctx.get('Authorization')) ?? ''
        if (project !== undefined) {
          if ((await tokens.verify(token, { issuer: ISSUER, audience: project })) === null)
            throw unverified(401, 'The request does not bear a token of Google for this project.')
        }
        await answer(ctx, jsonObject(body))
      })
    },
    close: () => api.close(),
  }

  async function answer(ctx: Context, event: unknown): Promise<void> {
    const text = textOf(event)
    if (text === undefined) {
      sendText(ctx, 'OK')
      return
    }
    const isMessage = textAt(event, 'type') === 'MESSAGE'
    const sender = isMessage
      ? textAt(event, 'message', 'sender', 'displayName')
      : textAt(event, 'user', 'displayName')
    const metadata = { room: roomOf(event) ?? null }
    const message = toUserMessage({ text, sender, channel: 'hangouts', metadata })
    const id = textAt(event, 'message', 'name')
    sendJson(ctx, await turn(message, isMessage && id !== undefined ? id : null))
  }

  async function turn(message: UserMessage, id: string | null): Promise<JsonObject> {
    const output = new HangoutsOutput()
    try {
      await host.handle(message, output, id)
    } catch (error) {
      if (error instanceof CodedError && [422, 429, 503].includes(error.status)) throw error
      host.log.error(
        { code: 'channel.turn-failed', channel: 'hangouts', err: error },
        'A message was not handled.',
      )
    }
    return output.reply
  }

  return channel
}

async function fetchCertificates(api: ProviderClient, url: string): Promise<ReadonlyMap<string, KeyObject>> {
  const { body } = await api.call(url, { method: 'GET' })
  const pems = Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return new Map(
    pems
      .filter(([, pem]) => pem.includes('-----BEGIN CERTIFICATE-----'))
      .map(([name, pem]) => [name, new X509Certificate(pem).publicKey]),
  )
}

/** undefined for events that say nothing. That a user who adds the bot says `/bot_removed` is as in Rasa. */
function textOf(event: unknown): string | undefined {
  switch (textAt(event, 'type')) {
    case 'MESSAGE':
      return textAt(event, 'message', 'text')
    case 'CARD_CLICKED':
      return textAt(event, 'action', 'actionMethodName') ?? textAt(event, 'common', 'invokedFunction')
    case 'ADDED_TO_SPACE':
      return roomOf(event) === undefined ? '/bot_removed' : '/room_added'
    case 'REMOVED_FROM_SPACE':
      return '/bot_removed'
    default:
      return ''
  }
}

/** Google calls `type` the old name of `spaceType`; Rasa knows the old one alone. */
function roomOf(event: unknown): string | undefined {
  const type = textAt(event, 'space', 'type')
  const isRoom = type === undefined ? textAt(event, 'space', 'spaceType') === 'SPACE' : type === 'ROOM'
  return isRoom ? textAt(event, 'space', 'displayName') : undefined
}

/** Merges all that a turn says into one reply: texts in one text, or cards where there is one. */
class HangoutsOutput implements OutputChannel {
  readonly name = 'hangouts'
  #reply: JsonObject = {}

  get reply(): JsonObject {
    return this.#reply
  }

  async send(_recipient: string, message: BotMessage): Promise<void> {
    await renderMessage(
      {
        text: text => {
          this.#add({ text })
        },
        image: url => {
          this.#add(card([{ image: { imageUrl: url } }]))
        },
        // A button without a payload sends its title; Rasa drops the message.
        buttons: (text, buttons) => {
          const shown = buttons.map(({ title = '', payload = title }) => ({
            textButton: { text: title, onClick: { action: { actionMethodName: payload } } },
          }))
          this.#add(card([{ textParagraph: { text: text ?? '' } }, { buttons: shown }]))
        },
        attachment: attachment => {
          this.#add({ text: inText(attachment) })
        },
        custom: custom => {
          this.#add(isRecord(custom) ? custom : { text: inText(custom) })
        },
      },
      message,
    )
  }

  #add(next: JsonObject): void {
    const before = this.#reply
    const isText = typeof next['text'] === 'string'
    if (Object.keys(before).length === 0) this.#reply = next
    else if (isText && typeof before['text'] === 'string') {
      this.#reply = { text: `${before['text']} ${inText(next['text'])}` }
    } else this.#reply = { cards: [...cardsOf(before), ...cardsOf(next)] }
  }
}

function cardsOf(message: JsonObject): readonly JsonValue[] {
  const cards = at(message, 'cards')
  if (Array.isArray(cards)) return cards as readonly JsonValue[]
  return cardsOf(card([{ textParagraph: { text: inText(message['text'] ?? '') } }]))
}

function card(widgets: readonly JsonValue[]): JsonObject {
  return { cards: [{ sections: [{ widgets }] }] }
}
