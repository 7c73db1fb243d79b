// What the bot says, as Telegram shows it: keyboards for buttons, and each kind of media by its own method.

import type { BotMessage, Button, JsonObject } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { OutputChannel } from './channel.ts'
import type { ProviderClient } from './provider-client.ts'
import { buttonsAsText, inText, renderMessage, textParts } from './render-message.ts'
import type { Renderer } from './render-message.ts'
import { splitText } from './split-text.ts'

/** Units of a message, and bytes that a button may send back. */
const LIMITS = { text: 4096, data: 64 } as const

type Send = (method: string, body: Readonly<Record<string, unknown>>) => Promise<void>

export function createTelegramOutput(api: ProviderClient, url: string): OutputChannel {
  return {
    name: 'telegram',
    async send(recipient: string, message: BotMessage) {
      const send: Send = (method, body) =>
        api.deliver(
          `${url}/${method}`,
          { json: { chat_id: recipient, ...body } },
          ({ body: { ok } }) => ok === true,
        )
      await renderMessage(createRenderer(send), message)
    },
  }
}

function createRenderer(send: Send): Renderer {
  const text = async (said: string): Promise<void> => {
    for (const part of textParts(said).flatMap(each => splitText(each, LIMITS.text))) {
      await send('sendMessage', { text: part })
    }
  }
  return {
    text,
    async buttons(said, buttons, message) {
      const type = message?.['button_type'] ?? 'inline'
      const markup = keyboard(buttons, type)
      if (markup === null || said === null) {
        await buttonsAsText({ text }, said, buttons)
        return
      }
      const parts = splitText(said, LIMITS.text)
      for (const part of parts.slice(0, -1)) await send('sendMessage', { text: part })
      await send('sendMessage', { text: parts.at(-1), reply_markup: markup })
    },
    image: photo => send('sendPhoto', { photo }),
    custom: custom => sendCustom(send, custom),
  }
}

/** null where Telegram would refuse the buttons, and the message with them. */
function keyboard(buttons: readonly Button[], type: unknown): JsonObject | null {
  if (type === 'reply') {
    const keys = buttons.filter(({ title = '' }) => title !== '').map(({ title = '' }) => [{ text: title }])
    return { keyboard: keys, resize_keyboard: false, one_time_keyboard: true }
  }
  // A button without a payload sends its title; in Rasa it ends the turn.
  const keys = buttons.map(({ title = '', payload = title }) => ({ text: title, callback_data: payload }))
  const areShown = keys.every(
    ({ text, callback_data: data }) => text !== '' && data !== '' && Buffer.byteLength(data) <= LIMITS.data,
  )
  if (!areShown) return null
  if (type === 'inline') return { inline_keyboard: [keys] }
  return type === 'vertical' ? { inline_keyboard: keys.map(key => [key]) } : null
}

/** The method for a custom message by the keys that it has, in Rasa's order; several may fit, and each is called. */
const METHODS: readonly (readonly [keys: readonly string[], method: string])[] = [
  [['text'], 'sendMessage'],
  [['photo'], 'sendPhoto'],
  [['audio'], 'sendAudio'],
  [['document'], 'sendDocument'],
  [['sticker'], 'sendSticker'],
  [['video'], 'sendVideo'],
  [['video_note'], 'sendVideoNote'],
  [['animation'], 'sendAnimation'],
  [['voice'], 'sendVoice'],
  [['media'], 'sendMediaGroup'],
  [['latitude', 'longitude', 'title', 'address'], 'sendVenue'],
  [['latitude', 'longitude'], 'sendLocation'],
  [['phone_number', 'first_name'], 'sendContact'],
  [['game_short_name'], 'sendGame'],
  [['action'], 'sendChatAction'],
  [
    ['title', 'description', 'payload', 'provider_token', 'start_parameter', 'currency', 'prices'],
    'sendInvoice',
  ],
]

async function sendCustom(send: Send, custom: unknown): Promise<void> {
  if (!isRecord(custom)) {
    await send('sendMessage', { text: inText(custom) })
    return
  }
  const rest: Record<string, unknown> = { ...custom }
  for (const [keys, method] of METHODS) {
    if (!keys.every(key => rest[key] !== undefined && rest[key] !== null)) continue
    const others = Object.entries(rest).filter(
      ([key]) => !METHODS.some(([all]) => all !== keys && all.length === 1 && all[0] === key),
    )
    await send(method, Object.fromEntries(others))
    for (const key of keys) Reflect.deleteProperty(rest, key)
  }
}
