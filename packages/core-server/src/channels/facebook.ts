// Rasa's Facebook Messenger channel. https://developers.facebook.com/docs/messenger-platform/webhooks

import type { Context } from 'koa'
import { isSameSecret } from '../http/same-secret.ts'
import { sendText } from '../http/json-answer.ts'
import { textArgument } from '../http/query.ts'
import type { CreateChannel, DeliveringChannel } from './channel.ts'
import { createFacebookOutput } from './facebook-output.ts'
import { createProviderClient } from './provider-client.ts'
import { apiUrl, neededText } from './settings.ts'
import { toUserMessage } from './user-message.ts'
import { at, hmac, jsonObject, mountWebhook, textAt, unverified } from './webhook.ts'

export const createFacebook: CreateChannel = (settings, host) => {
  const verify = neededText(settings, 'facebook', 'verify')
  const secret = neededText(settings, 'facebook', 'secret')
  const token = neededText(settings, 'facebook', 'page-access-token')
  const url = apiUrl(settings, 'facebook', 'api_url', 'https://graph.facebook.com/v2.11')
  const api = createProviderClient('facebook', host.log)
  const output = createFacebookOutput(api, url, token)
  const channel: DeliveringChannel = {
    name: 'facebook',
    output: () => output,
    // Typing ends where the turn does; the output cannot know that, so each message ends it.
    reach: () => output,
    mount(router) {
      mountWebhook(
        router,
        'facebook',
        async (ctx, body) => {
          if (ctx.method === 'GET') {
            const isKnown = isSameSecret(textArgument(ctx, 'hub.verify_token') ?? '', verify)
            sendText(ctx, isKnown ? (textArgument(ctx, 'hub.challenge') ?? '') : 'failure, invalid token')
            return
          }
          checkSignature(ctx, body, secret)
          await answer(ctx, jsonObject(body))
        },
        ['GET', 'POST'],
      )
    },
    close: () => api.close(),
  }

  /** All messages of all entries; Rasa takes the first alone and loses the others. */
  async function answer(ctx: Context, body: unknown): Promise<void> {
    for (const event of eventsOf(body)) {
      const text = textOf(event)
      const sender = textAt(event, 'sender', 'id')
      if (text === undefined || sender === undefined) continue
      const id = textAt(event, 'message', 'mid') ?? textAt(event, 'postback', 'mid') ?? pressId(event)
      await output.act(sender, 'mark_seen')
      await output.act(sender, 'typing_on')
      const message = toUserMessage({ text, sender, channel: 'facebook' })
      try {
        await host.accept(channel, { message, id, address: {} })
      } finally {
        await output.act(sender, 'typing_off')
      }
    }
    sendText(ctx, 'success')
  }

  return channel
}

/** Older pages send presses of buttons without an id; their time stands for it. */
function pressId(event: unknown): string | null {
  const time = textAt(event, 'timestamp')
  return time === undefined ? null : `postback-${time}`
}

function eventsOf(body: unknown): readonly unknown[] {
  const entries = at(body, 'entry')
  if (!Array.isArray(entries)) return []
  return entries.flatMap((entry: unknown): unknown[] => {
    const messaging = at(entry, 'messaging')
    return Array.isArray(messaging) ? (messaging as unknown[]) : []
  })
}

const MEDIA = ['audio', 'image', 'video', 'file']

/** Quick reply, text, address of an attachment, or a button's payload; undefined for what the bot itself said. */
function textOf(event: unknown): string | undefined {
  const message = at(event, 'message')
  if (message === undefined) return textAt(event, 'postback', 'payload')
  if (at(message, 'is_echo') === true) return undefined
  const attachment = at(message, 'attachments', 0)
  const address = MEDIA.includes(textAt(attachment, 'type') ?? '')
    ? textAt(attachment, 'payload', 'url')
    : undefined
  return textAt(message, 'quick_reply', 'payload') ?? textAt(message, 'text') ?? address
}

/** SHA-256 where Meta sends it, else the older SHA-1; the header does not choose any other, as it may in Rasa. */
function checkSignature(ctx: Context, body: Buffer, secret: string): void {
  const newer = ctx.get('X-Hub-Signature-256')
  const isSigned =
    newer === ''
      ? isSameSecret(ctx.get('X-Hub-Signature'), `sha1=${hmac('sha1', secret, body)}`)
      : isSameSecret(newer, `sha256=${hmac('sha256', secret, body)}`)
  if (!isSigned) throw unverified(403, 'not validated')
}
