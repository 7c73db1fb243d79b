// Rasa's Twilio channel: SMS and WhatsApp. https://www.twilio.com/docs/messaging/guides/webhook-request

import type { BotMessage } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { CreateChannel, DeliveringChannel, OutputChannel } from './channel.ts'
import { createProviderClient } from './provider-client.ts'
import type { ProviderClient } from './provider-client.ts'
import { inText, renderMessage, textParts } from './render-message.ts'
import type { Renderer } from './render-message.ts'
import { apiUrl, isOn, neededText, optionalText } from './settings.ts'
import { splitText } from './split-text.ts'
import { checkTwilioSignature } from './twilio-signature.ts'
import { toUserMessage } from './user-message.ts'
import { form, mountWebhook } from './webhook.ts'

/** Characters of a message: more is refused. */
const MAX_TEXT = 1600

export const createTwilio: CreateChannel = (settings, host) => {
  const account = neededText(settings, 'twilio', 'account_sid')
  const token = neededText(settings, 'twilio', 'auth_token')
  const number = neededText(settings, 'twilio', 'twilio_number')
  const publicUrl = optionalText(settings, 'webhook_url')
  const isVerified = isOn(settings, 'verify_signature', true)
  const base = apiUrl(settings, 'twilio', 'api_url', 'https://api.twilio.com')
  const api = createProviderClient('twilio', host.log)
  const output = createOutput(api, {
    url: `${base}/2010-04-01/Accounts/${account}/Messages.json`,
    authorization: `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`,
    number,
  })
  const channel: DeliveringChannel = {
    name: 'twilio',
    output: () => output,
    reach: () => output,
    mount(router) {
      mountWebhook(router, 'twilio', async (ctx, body) => {
        const fields = form(body)
        if (isVerified) checkTwilioSignature(ctx, fields, token, publicUrl)
        const sender = fields.get('From')
        const text = textOf(fields)
        if (sender !== null && text !== null) {
          const message = toUserMessage({ text, sender, channel: 'twilio' })
          await host.accept(channel, { message, id: fields.get('MessageSid'), address: {} })
        }
        ctx.status = 204
      })
    },
    close: () => api.close(),
  }
  return channel
}

/** A place is an intent with two entities, in Rasa's words; some carriers turn @ into ¡. */
function textOf(fields: URLSearchParams): string | null {
  const [latitude, longitude] = [fields.get('Latitude'), fields.get('Longitude')]
  if (latitude !== null && longitude !== null && latitude !== '' && longitude !== '') {
    return `/locationData{'Latitude': ${latitude},'Longitude': ${longitude}}`
  }
  return fields.get('Body')?.replaceAll('¡', '@') ?? null
}

interface TwilioTarget {
  readonly url: string
  readonly authorization: string
  readonly number: string
}

function createOutput(api: ProviderClient, { url, authorization, number }: TwilioTarget): OutputChannel {
  return {
    name: 'twilio',
    async send(recipient: string, message: BotMessage) {
      const send: Send = fields =>
        api.deliver(url, { form: { To: recipient, From: number, ...fields }, headers: { authorization } })
      await renderMessage(createRenderer(send, recipient, number), message)
    },
  }
}

type Send = (fields: Readonly<Record<string, string | readonly string[]>>) => Promise<void>

function createRenderer(send: Send, recipient: string, number: string): Renderer {
  return {
    async text(text) {
      for (const part of textParts(text).flatMap(each => splitText(each, MAX_TEXT))) {
        await send({ Body: part })
      }
    },
    image: url => send({ MediaUrl: url }),
    async custom(custom) {
      if (!isRecord(custom)) await send({ Body: inText(custom) })
      else await send(customFields(custom, recipient, number))
    },
  }
}

/** Keys are those of Twilio's Python library (`media_url`, `from_`), as actions for Rasa write them. */
function customFields(
  custom: Readonly<Record<string, unknown>>,
  recipient: string,
  number: string,
): Record<string, string | readonly string[]> {
  const fields: Record<string, string | readonly string[]> = {}
  for (const [key, value] of Object.entries(custom)) {
    const name = key
      .replace(/_$/, '')
      .replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
    fields[name] = Array.isArray(value) ? value.map(inText) : inText(value)
  }
  if (fields['MediaUrl'] === undefined) fields['Body'] ??= ''
  fields['To'] ??= recipient
  // A messaging service chooses the number by itself.
  if (fields['MessagingServiceSid'] === undefined) fields['From'] ??= number
  else fields['From'] ??= []
  return fields
}
