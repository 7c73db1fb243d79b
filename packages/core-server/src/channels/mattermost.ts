// Rasa's Mattermost channel: outgoing webhooks and buttons in, posts out.
// https://developers.mattermost.com/integrate/webhooks/outgoing/, https://api.mattermost.com/#operation/CreatePost

import type { Context } from 'koa'
import type { JsonObject } from '@tabula/protocol'
import { isSameSecret } from '../http/same-secret.ts'
import { sendText } from '../http/json-answer.ts'
import type { CreateChannel, DeliveringChannel, OutputChannel } from './channel.ts'
import { createProviderClient } from './provider-client.ts'
import { renderMessage, textParts } from './render-message.ts'
import { apiUrl, neededText, optionalText } from './settings.ts'
import { splitText } from './split-text.ts'
import { toUserMessage } from './user-message.ts'
import { at, form, hmac, jsonObject, mountWebhook, textAt, unverified } from './webhook.ts'

/** Characters of a post. */
const MAX_TEXT = 16_383

export const createMattermost: CreateChannel = (settings, host) => {
  const url = apiUrl(settings, 'mattermost', 'url')
  const token = neededText(settings, 'mattermost', 'token')
  const webhookUrl = optionalText(settings, 'webhook_url') ?? null
  const webhookToken = optionalText(settings, 'webhook_token')
  // Our own buttons carry it back to us.
  const buttonSecret = hmac('sha256', token, 'mattermost button')
  const api = createProviderClient('mattermost', host.log)
  const outputTo = (postsTo: string | undefined): OutputChannel => ({
    name: 'mattermost',
    async send(recipient, message) {
      const post = (json: JsonObject): Promise<void> =>
        api.deliver(`${url}/posts`, {
          json: { channel_id: postsTo ?? recipient, ...json },
          headers: { authorization: `Bearer ${token}` },
        })
      await renderMessage(
        {
          async text(text) {
            for (const part of textParts(text).flatMap(each => splitText(each, MAX_TEXT))) {
              await post({ message: part })
            }
          },
          // A button without a payload sends its title; in Rasa it ends the turn.
          buttons(text, buttons) {
            const actions = buttons.map(({ title = '', payload = title }) => ({
              name: title,
              integration: { url: webhookUrl, context: { action: payload, token: buttonSecret } },
            }))
            return post({ message: text ?? '', props: { attachments: [{ actions }] } })
          },
          image: image => post({ props: { attachments: [{ image_url: image }] } }),
          custom: custom => post({ message: '', ...(custom as JsonObject) }),
        },
        message,
      )
    },
  })
  const channel: DeliveringChannel = {
    name: 'mattermost',
    output: () => outputTo(undefined),
    reach: address => outputTo(textAt(address, 'channel')),
    mount(router) {
      if (webhookToken === undefined) {
        host.log.warn(
          { code: 'mattermost.open' },
          'mattermost has no webhook_token: anybody who finds the webhook can write as any user.',
        )
      }
      mountWebhook(router, 'mattermost', async (ctx, body) => {
        if (body.length === 0) sendText(ctx, '')
        else await answer(ctx, read(ctx, body))
      })
    },
    close: () => api.close(),
  }

  function isKnown(given: string | undefined): boolean {
    return given !== undefined && webhookToken !== undefined && isSameSecret(given, webhookToken)
  }

  async function answer(ctx: Context, body: unknown): Promise<void> {
    const isButton = at(body, 'trigger_word') === undefined && at(body, 'context') !== undefined
    const own = textAt(body, 'context', 'token')
    const mayWrite =
      webhookToken === undefined ||
      isKnown(textAt(body, 'token')) ||
      (isButton && own !== undefined && isSameSecret(own, buttonSecret))
    if (!mayWrite) throw unverified(401, 'The request does not bear the token of the outgoing webhook.')
    const text = isButton ? textAt(body, 'context', 'action') : spoken(body)
    const sender = textAt(body, 'user_id')
    const postsTo = textAt(body, 'channel_id')
    if (text !== undefined && sender !== undefined) {
      await host.accept(channel, {
        message: toUserMessage({ text, sender, channel: 'mattermost' }),
        id: textAt(body, isButton ? 'trigger_id' : 'post_id') ?? null,
        address: postsTo === undefined ? {} : { channel: postsTo },
      })
    }
    sendText(ctx, 'success')
  }

  return channel
}

/** Mattermost sends JSON or a form, as the outgoing webhook says. */
function read(ctx: Context, body: Buffer): unknown {
  return ctx.get('Content-Type').startsWith('application/x-www-form-urlencoded')
    ? Object.fromEntries(form(body))
    : jsonObject(body)
}

/** The text behind the trigger word, or the word alone. */
function spoken(body: unknown): string | undefined {
  if (at(body, 'trigger_word') === undefined) return undefined
  const text = textAt(body, 'text') ?? ''
  const blank = text.indexOf(' ')
  return blank === -1 ? text : text.slice(blank + 1)
}
