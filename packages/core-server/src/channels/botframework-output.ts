// What the bot says, as activities of the Bot Connector, with a token that is fetched and kept until it runs out.

import type { JsonObject } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { DeliveringChannel } from './channel.ts'
import type { ProviderClient } from './provider-client.ts'
import { inText, renderMessage, textParts } from './render-message.ts'
import type { Renderer } from './render-message.ts'
import { splitText } from './split-text.ts'
import { at, textAt } from './webhook.ts'

export interface BotFrameworkLogin {
  readonly app: string
  readonly password: string
  readonly login: string
}

/** Characters of a message: Teams takes some 28 kB. */
const MAX_TEXT = 9000
const HERO = 'application/vnd.microsoft.card.hero'

export function createBotFrameworkOutput(
  api: ProviderClient,
  login: BotFrameworkLogin,
): DeliveringChannel['reach'] {
  const token = createTokenSource(api, login)
  return address => {
    const service = (textAt(address, 'service') ?? '').replace(/\/*$/, '/')
    const conversation = encodeURIComponent(textAt(address, 'conversation', 'id') ?? '')
    const url = `${service}v3/conversations/${conversation}/activities`
    return {
      name: 'botframework',
      async send(recipient, message) {
        const post = async (part: JsonObject): Promise<void> => {
          const json = {
            type: 'message',
            recipient: { id: recipient },
            from: at(address, 'bot'),
            channelData: { notification: { alert: 'true' } },
            text: '',
            ...part,
          }
          await api.deliver(url, { json, headers: { authorization: `Bearer ${await token()}` } })
        }
        await renderMessage(createRenderer(post), message)
      },
    }
  }
}

function createRenderer(post: (part: JsonObject) => Promise<void>): Renderer {
  return {
    async text(text) {
      for (const part of textParts(text).flatMap(each => splitText(each, MAX_TEXT)))
        await post({ text: part })
    },
    image: url => post({ attachments: [{ contentType: HERO, content: { images: [{ url }] } }] }),
    buttons: (text, buttons) =>
      post({ attachments: [{ contentType: HERO, content: { subtitle: text, buttons: [...buttons] } }] }),
    async elements(elements) {
      for (const element of elements) {
        if (isRecord(element)) await post(element)
      }
    },
    custom: custom => post(isRecord(custom) ? custom : { text: inText(custom) }),
  }
}

/** Gives a token that is still good for a minute; one fetch serves all who wait. */
function createTokenSource(
  api: ProviderClient,
  { app, password, login }: BotFrameworkLogin,
): () => Promise<string> {
  let held: { readonly token: string; readonly until: number } | null = null
  let fetching: Promise<string> | null = null
  const fetchToken = async (): Promise<string> => {
    const form = {
      client_id: app,
      client_secret: password,
      grant_type: 'client_credentials',
      scope: 'https://api.botframework.com/.default',
    }
    const { body } = await api.call(login, { form })
    const token = textAt(body, 'access_token') ?? ''
    const seconds = Number(body['expires_in'])
    held =
      token === '' || !(seconds > 60) ? null : { token, until: performance.now() + (seconds - 60) * 1000 }
    return token
  }
  return async () => {
    if (held !== null && performance.now() < held.until) return held.token
    fetching ??= fetchToken().finally(() => {
      fetching = null
    })
    return fetching
  }
}
