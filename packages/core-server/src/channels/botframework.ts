// Rasa's Microsoft Bot Framework channel (Teams, Skype, Web Chat).
// https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication

import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import type { JsonObject } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { bearerToken } from '../http/jwt.ts'
import { sendText } from '../http/json-answer.ts'
import { createBotFrameworkOutput } from './botframework-output.ts'
import type { CreateChannel, DeliveringChannel } from './channel.ts'
import { createProviderClient } from './provider-client.ts'
import type { ProviderClient } from './provider-client.ts'
import { createSignedTokens } from './signed-tokens.ts'
import { apiUrl, neededText } from './settings.ts'
import { toUserMessage } from './user-message.ts'
import { at, jsonObject, mountWebhook, textAt, unverified } from './webhook.ts'

const ISSUER = 'https://api.botframework.com'
const OPENID = 'https://login.botframework.com/v1/.well-known/openidconfiguration'
const LOGIN = 'https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token'

/** Hosts that Microsoft serves its channels from; others are named in `service_hosts`. */
const SERVICE_HOSTS = ['.botframework.com', '.trafficmanager.net', '.botframework.azure.us', '.azure.com']

export const createBotframework: CreateChannel = (settings, host) => {
  const app = neededText(settings, 'botframework', 'app_id')
  const password = neededText(settings, 'botframework', 'app_password')
  const openid = apiUrl(settings, 'botframework', 'openid_url', OPENID)
  const login = apiUrl(settings, 'botframework', 'login_url', LOGIN)
  const named = settings['service_hosts']
  const ownHosts = Array.isArray(named) ? named.filter(each => typeof each === 'string') : []
  const api = createProviderClient('botframework', host.log)
  let endorsements: ReadonlyMap<string, readonly unknown[]> = new Map()
  const tokens = createSignedTokens(async () => {
    const published = await fetchKeys(api, openid)
    endorsements = published.endorsements
    return published.keys
  })
  const outputTo = createBotFrameworkOutput(api, { app, password, login })
  const channel: DeliveringChannel = {
    name: 'botframework',
    reach: outputTo,
    mount(router) {
      mountWebhook(router, 'botframework', async (ctx, body) => {
        const activity = jsonObject(body)
        await checkSender(ctx, activity)
        await answer(ctx, activity)
      })
    },
    close: () => api.close(),
  }

  /** The token must be Microsoft's for this bot, and for the address that the answers, with our own token, go to. */
  async function checkSender(ctx: Context, activity: unknown): Promise<void> {
    const authorization = ctx.get('Authorization')
    if (authorization === '') throw unverified(401, 'No authorization header provided.')
    const token = bearerToken(authorization)
    if (token === null) throw unverified(401, 'No Bearer token provided in Authorization header.')
    const verified = await tokens.verify(token, { issuer: ISSUER, audience: app })
    const service = textAt(activity, 'serviceUrl')
    if (verified === null || service === undefined || !isServiceUrl(service, ownHosts)) throw invalidToken()
    const { claims, key } = verified
    // The document spells it serviceUrl; the tokens themselves, as Microsoft's own libraries read them, serviceurl.
    if ((claims['serviceurl'] ?? claims['serviceUrl']) !== service) throw invalidToken()
    const endorsed = endorsements.get(key)
    const speaker = textAt(activity, 'channelId')
    if (endorsed !== undefined && speaker !== undefined && !endorsed.includes(speaker)) throw invalidToken()
  }

  async function answer(ctx: Context, activity: unknown): Promise<void> {
    const sender = textAt(activity, 'from', 'id')
    const service = textAt(activity, 'serviceUrl')
    const conversation = at(activity, 'conversation')
    if (textAt(activity, 'type') === 'message' && sender !== undefined && service !== undefined) {
      const attachments = at(activity, 'attachments')
      const metadata = Array.isArray(attachments) && attachments.length > 0 ? { attachments } : undefined
      const text = textAt(activity, 'text') ?? ''
      await host.accept(channel, {
        message: toUserMessage({ text, sender, channel: 'botframework', metadata }),
        id: textAt(activity, 'id') ?? null,
        address: { service, conversation, bot: at(activity, 'recipient') } as JsonObject,
      })
    }
    sendText(ctx, 'success')
  }

  return channel
}

function invalidToken(): Error {
  return unverified(401, 'Could not validate JWT token.')
}

function isServiceUrl(service: string, ownHosts: readonly string[]): boolean {
  if (!URL.canParse(service)) return false
  const url = new URL(service)
  if (url.username !== '' || url.password !== '') return false
  if (ownHosts.includes(url.host) || ownHosts.includes(url.hostname)) return true
  return url.protocol === 'https:' && SERVICE_HOSTS.some(end => url.hostname.endsWith(end))
}

interface PublishedKeys {
  readonly keys: ReadonlyMap<string, KeyObject>
  /** Channels that each key may speak for; a key without such a list may speak for any. */
  readonly endorsements: ReadonlyMap<string, readonly unknown[]>
}

async function fetchKeys(api: ProviderClient, openid: string): Promise<PublishedKeys> {
  const { body: described } = await api.call(openid, { method: 'GET' })
  const address = textAt(described, 'jwks_uri')
  const { body } = address === undefined ? { body: {} } : await api.call(address, { method: 'GET' })
  const published = at(body, 'keys')
  const keys = new Map<string, KeyObject>()
  const endorsements = new Map<string, readonly unknown[]>()
  for (const key of Array.isArray(published) ? (published as unknown[]) : []) {
    const name = textAt(key, 'kid')
    if (name === undefined || !isRecord(key) || key['kty'] !== 'RSA') continue
    keys.set(name, createPublicKey({ key: key, format: 'jwk' }))
    const endorsed = key['endorsements']
    if (Array.isArray(endorsed) && endorsed.length > 0) endorsements.set(name, endorsed as unknown[])
  }
  return { keys, endorsements }
}
