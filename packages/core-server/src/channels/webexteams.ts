// Rasa's Webex channel: a webhook names a message, which is then fetched. https://developer.webex.com/docs/api/guides/webhooks

import type { Context } from 'koa'
import { isRecord } from '../http/body.ts'
import { isSameSecret } from '../http/same-secret.ts'
import { sendText } from '../http/json-answer.ts'
import type { CreateChannel, DeliveringChannel, OutputChannel } from './channel.ts'
import { createProviderClient } from './provider-client.ts'
import { inText, renderMessage, textParts } from './render-message.ts'
import { apiUrl, neededText, optionalText } from './settings.ts'
import { splitText } from './split-text.ts'
import { toUserMessage } from './user-message.ts'
import { hmac, jsonObject, mountWebhook, textAt, unverified } from './webhook.ts'

/** Bytes of a message are 7,439; characters may take three of them. */
const MAX_TEXT = 2400

export const createWebexteams: CreateChannel = (settings, host) => {
  const token = neededText(settings, 'webexteams', 'access_token')
  const room = optionalText(settings, 'room')
  const secret = optionalText(settings, 'secret')
  const url = apiUrl(settings, 'webexteams', 'api_url', 'https://webexapis.com/v1')
  const headers = { authorization: `Bearer ${token}` }
  const api = createProviderClient('webexteams', host.log)
  let own: string | undefined
  const output: OutputChannel = {
    name: 'webexteams',
    async send(recipient, message) {
      const roomId = room ?? recipient
      const post = (json: object): Promise<void> => api.deliver(`${url}/messages`, { json, headers })
      await renderMessage(
        {
          async text(text) {
            for (const part of textParts(text).flatMap(each => splitText(each, MAX_TEXT))) {
              await post({ roomId, text: part })
            }
          },
          image: image => post({ roomId, files: [image] }),
          custom: custom =>
            post(isRecord(custom) ? { roomId: recipient, ...custom } : { roomId, text: inText(custom) }),
        },
        message,
      )
    },
  }
  const channel: DeliveringChannel = {
    name: 'webexteams',
    output: () => output,
    reach: () => output,
    mount(router) {
      if (secret === undefined) {
        host.log.warn(
          { code: 'webexteams.open' },
          'webexteams has no secret: that the webhook is called by Webex is not checked.',
        )
      }
      mountWebhook(router, 'webexteams', async (ctx, body) => {
        const given = ctx.get('X-Spark-Signature')
        if (secret !== undefined && !isSameSecret(given, hmac('sha1', secret, body))) {
          throw unverified(401, 'The request is not signed with the secret of the webhook.')
        }
        await answer(ctx, jsonObject(body))
      })
    },
    close: () => api.close(),
  }

  async function answer(ctx: Context, body: unknown): Promise<void> {
    const id = textAt(body, 'data', 'id')
    const get = { method: 'GET', headers } as const
    const message =
      id === undefined ? {} : (await api.call(`${url}/messages/${encodeURIComponent(id)}`, get)).body
    own ??= textAt((await api.call(`${url}/people/me`, get)).body, 'id')
    if (textAt(message, 'personId') === own) {
      sendText(ctx, 'OK')
      return
    }
    const text = textAt(message, 'text')
    const sender = textAt(message, 'roomId')
    if (id !== undefined && text !== undefined && sender !== undefined) {
      await host.accept(channel, {
        message: toUserMessage({ text, sender, channel: 'webexteams' }),
        id,
        address: {},
      })
    }
    sendText(ctx, '')
  }

  return channel
}
