// Rasa's Telegram channel: updates of the Bot API in, its methods out. https://core.telegram.org/bots/api

import type { Context } from 'koa'
import { isSameSecret } from '../http/same-secret.ts'
import { sendText } from '../http/json-answer.ts'
import type { CreateChannel, DeliveringChannel } from './channel.ts'
import { createProviderClient } from './provider-client.ts'
import { apiUrl, neededText } from './settings.ts'
import { createTelegramOutput } from './telegram-output.ts'
import { toUserMessage } from './user-message.ts'
import { at, hmac, jsonObject, mountWebhook, textAt, unverified } from './webhook.ts'

export const createTelegram: CreateChannel = (settings, host) => {
  const token = neededText(settings, 'telegram', 'access_token')
  const botName = neededText(settings, 'telegram', 'verify')
  const webhookUrl = neededText(settings, 'telegram', 'webhook_url')
  const url = `${apiUrl(settings, 'telegram', 'api_url', 'https://api.telegram.org')}/bot${token}`
  // Telegram sends it with every update; only we and Telegram can know it.
  const secret = hmac('sha256', token, 'telegram webhook')
  const api = createProviderClient('telegram', host.log)
  let name: string | undefined
  const output = createTelegramOutput(api, url)
  const channel: DeliveringChannel = {
    name: 'telegram',
    output: () => output,
    reach: () => output,
    mount(router) {
      mountWebhook(
        router,
        'telegram',
        async (ctx, body) => {
          if (ctx.method === 'GET') {
            sendText(ctx, '')
            return
          }
          if (!isSameSecret(ctx.get('X-Telegram-Bot-Api-Secret-Token'), secret)) {
            throw unverified(403, 'The update does not bear the secret of this webhook.')
          }
          await answer(ctx, jsonObject(body))
        },
        ['GET', 'POST'],
      )
      router.register('/webhooks/telegram/set_webhook', ['GET', 'POST'], async ctx => {
        sendText(ctx, (await setWebhook()) ? 'Webhook setup successful' : 'Invalid webhook')
      })
    },
    async start() {
      if (await setWebhook()) return
      host.log.error(
        { code: 'telegram.webhook', webhook: webhookUrl },
        'Telegram did not take the webhook: no message will come.',
      )
    },
    close: () => api.close(),
  }

  async function setWebhook(): Promise<boolean> {
    const { body } = await api.call(`${url}/setWebhook`, { json: { url: webhookUrl, secret_token: secret } })
    return body['ok'] === true
  }

  /** Rasa asks for the bot's name with every message; it does not change. */
  async function isOwnToken(): Promise<boolean> {
    if (name === undefined) {
      const { body } = await api.call(`${url}/getMe`, { method: 'GET' })
      name = textAt(body, 'result', 'username')
    }
    return name === botName
  }

  async function answer(ctx: Context, update: unknown): Promise<void> {
    if (!(await isOwnToken())) {
      host.log.warn(
        { code: 'telegram.verify' },
        'verify is not the name of the bot that access_token belongs to.',
      )
      sendText(ctx, 'failed')
      return
    }
    const read = readUpdate(update)
    if (read !== null) {
      const { text, chat, id } = read
      // As in Rasa, who starts anew is greeted anew.
      for (const [index, each] of (text === '/restart' ? [text, '/start'] : [text]).entries()) {
        const message = toUserMessage({ text: each, sender: chat, channel: 'telegram' })
        await host.accept(channel, { message, id: id === null ? null : `${id}/${index}`, address: {} })
      }
    }
    sendText(ctx, 'success')
  }

  return channel
}

interface ReadUpdate {
  readonly text: string
  readonly chat: string
  readonly id: string | null
}

/** A press of a button, an edited message, a text, or a place as JSON; null for everything else. */
function readUpdate(update: unknown): ReadUpdate | null {
  const press = at(update, 'callback_query')
  const edited = at(update, 'edited_message')
  const message = press === undefined ? (edited ?? at(update, 'message')) : at(press, 'message')
  const chat = textAt(message, 'chat', 'id')
  const text = press === undefined ? textOf(message, edited !== undefined) : textAt(press, 'data')
  if (chat === undefined || text === undefined) return null
  return { text, chat, id: textAt(update, 'update_id') ?? null }
}

function textOf(message: unknown, isEdited: boolean): string | undefined {
  const text = textAt(message, 'text')
  if (isEdited) return text
  if (text !== undefined) return text.replaceAll('/bot', '')
  const lng = textAt(message, 'location', 'longitude')
  const lat = textAt(message, 'location', 'latitude')
  return lng === undefined || lat === undefined ? undefined : `{"lng":${lng}, "lat":${lat}}`
}
