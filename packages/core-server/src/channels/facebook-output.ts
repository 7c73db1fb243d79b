// What the bot says, as Messenger shows it. https://developers.facebook.com/docs/messenger-platform/reference/send-api

import type { BotMessage, Button, JsonObject, JsonValue } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { OutputChannel } from './channel.ts'
import type { ProviderClient } from './provider-client.ts'
import { buttonsAsText, renderMessage, textParts } from './render-message.ts'
import type { Renderer } from './render-message.ts'
import { shorten, splitText } from './split-text.ts'
import { textAt } from './webhook.ts'

export interface FacebookOutput extends OutputChannel {
  /** Shows the user that the bot has read or is writing. */
  act(recipient: string, action: 'mark_seen' | 'typing_on' | 'typing_off'): Promise<void>
}

const LIMITS = {
  text: 2000,
  template: 640,
  buttons: 3,
  title: 20,
  payload: 1000,
  replies: 13,
  elements: 10,
} as const

type Send = (message: unknown, recipient?: string) => Promise<void>

export function createFacebookOutput(api: ProviderClient, url: string, token: string): FacebookOutput {
  const target = `${url}/me/messages?access_token=${encodeURIComponent(token)}`
  return {
    name: 'facebook',
    async send(recipient: string, message: BotMessage) {
      const send: Send = (json, to = recipient) =>
        api.deliver(target, {
          json: { recipient: { id: to }, message: json, messaging_type: 'RESPONSE' },
        })
      await renderMessage(createRenderer(send), message)
    },
    async act(recipient, action) {
      await api.call(target, { json: { recipient: { id: recipient }, sender_action: action } })
    },
  }
}

function createRenderer(send: Send): Renderer {
  const text = async (said: string): Promise<void> => {
    for (const part of textParts(said).flatMap(each => splitText(each, LIMITS.text))) {
      await send({ text: part })
    }
  }
  return {
    text,
    async buttons(said, buttons) {
      if (!buttons.every(fits)) {
        await buttonsAsText({ text }, said, buttons)
        return
      }
      if (buttons.length > LIMITS.buttons) {
        if (said !== null) await text(said)
        return
      }
      const parts = splitText(said ?? '', LIMITS.template)
      for (const part of parts.slice(0, -1)) await send({ text: part })
      const template = { template_type: 'button', text: parts.at(-1) ?? '', buttons: buttons.map(toButton) }
      await send(attachment('template', template))
    },
    async quickReplies(said, replies) {
      const buttons = replies.filter(isRecord) as readonly Button[]
      if (!buttons.every(fits)) {
        await buttonsAsText({ text }, said, buttons)
        return
      }
      for (let first = 0; first < replies.length; first += LIMITS.replies) {
        const group = replies.slice(first, first + LIMITS.replies).map(toQuickReply)
        await send({ text: said ?? '', quick_replies: group })
      }
    },
    image: url => send(attachment('image', { url })),
    async elements(elements) {
      const cards = elements.map(toElement)
      for (let first = 0; first < cards.length; first += LIMITS.elements) {
        const group = cards.slice(first, first + LIMITS.elements)
        await send(attachment('template', { template_type: 'generic', elements: group }))
      }
    },
    async custom(custom) {
      const to = [custom].flat().find(each => textAt(each, 'sender', 'id') !== undefined)
      await send(withoutSender(custom), textAt(to, 'sender', 'id'))
    },
  }
}

function attachment(type: string, payload: JsonObject): JsonObject {
  return { attachment: { type, payload } }
}

/** Messenger refuses the message where a button would send back more than it takes. */
function fits({ payload = '' }: Button): boolean {
  return payload.length <= LIMITS.payload
}

/** Every button has a type; one that opens an address keeps its own. */
function toButton(button: Button): JsonObject {
  const { title = '', payload = title, type = 'postback', ...others } = button
  const target = type === 'postback' ? { payload } : button.payload === undefined ? {} : { payload }
  return { type, title: shorten(title, LIMITS.title), ...target, ...others }
}

/** Messenger refuses the whole message where a title or payload is missing; Rasa ends the turn. */
function toQuickReply(reply: JsonValue): JsonObject {
  const { title, payload, content_type: type } = isRecord(reply) ? reply : {}
  if (type === 'user_phone_number' || type === 'user_email') return { content_type: type }
  const label = typeof title === 'string' ? title : ''
  return {
    content_type: 'text',
    title: shorten(label, LIMITS.title),
    payload: typeof payload === 'string' && payload !== '' ? payload : label,
  }
}

function toElement(element: JsonValue): JsonValue {
  if (!isRecord(element) || !Array.isArray(element['buttons'])) return element
  return { ...element, buttons: (element['buttons'] as readonly Button[]).map(toButton) }
}

function withoutSender(custom: JsonValue): JsonValue {
  if (Array.isArray(custom)) return (custom as readonly JsonValue[]).map(withoutSender)
  if (!isRecord(custom)) return custom
  return Object.fromEntries(Object.entries(custom).filter(([key]) => key !== 'sender'))
}
