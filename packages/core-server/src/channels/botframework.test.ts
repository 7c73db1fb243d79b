import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider, ProviderReply, ProviderRequest } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { type SigningKey, signingKey, signToken } from '../../test/signing-keys.ts'
import { createBotframework } from './botframework.ts'
import { testChannel } from './channel-contract.ts'
import { at } from './webhook.ts'

const APP = 'app-id'
const ISSUER = 'https://api.botframework.com'
const key = signingKey('k1')
const foreignKey = signingKey('k1')

/**
 * OpenID metadata, keys, login and the Connector, held against Microsoft's page on the authentication of the Connector:
 * the metadata names RS256 and where the keys are; each key has the channels that it may speak for in `endorsements`; a
 * token has the issuer api.botframework.com, the app's id as audience and the activity's serviceUrl as a claim; a bot logs
 * in by client_credentials for the scope api.botframework.com/.default. A message has at most some 28 kB.
 */
const microsoft = (request: ProviderRequest): ProviderReply | undefined => {
  const { path, headers, body } = request
  if (path === '/openid') {
    const jwks_uri = `http://${headers.host ?? ''}/keys`
    const authorization_endpoint = 'https://invalid.botframework.com'
    const id_token_signing_alg_values_supported = ['RS256']
    return {
      body: { issuer: ISSUER, authorization_endpoint, jwks_uri, id_token_signing_alg_values_supported },
    }
  }
  if (path === '/keys') {
    const jwk = { ...key.publicKey.export({ format: 'jwk' }), use: 'sig', kid: 'k1', x5t: 'k1' }
    return { body: { keys: [{ ...jwk, endorsements: ['msteams', 'webchat', 'directline'] }] } }
  }
  if (path === '/login') {
    const isApp = body['client_id'] === APP && body['client_secret'] === 'pw'
    const isGrant = body['grant_type'] === 'client_credentials'
    const isScope = body['scope'] === 'https://api.botframework.com/.default'
    const answer = { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: 'bot-token' }
    return isApp && isGrant && isScope ? { body: answer } : { status: 401 }
  }
  if (path !== '/service/v3/conversations/c%201/activities') return undefined
  if (headers.authorization !== 'Bearer bot-token') return { status: 401 }
  const size = Buffer.byteLength(JSON.stringify(body))
  return { status: typeof at(body, 'recipient', 'id') === 'string' && size <= 28_000 ? 201 : 400 }
}

const serviceOf = ({ url }: FakeProvider): string => `${url}/service/`
const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  ...{ app_id: APP, app_password: 'pw', service_hosts: [new URL(provider.url).host] },
  ...{ openid_url: `${provider.url}/openid`, login_url: `${provider.url}/login` },
})

async function post(
  served: ServedChannel,
  body: unknown,
  {
    signer = key,
    issuer = ISSUER,
    audience = APP,
    expires = 600,
    others = { serviceurl: at(body, 'serviceUrl') },
  }: {
    signer?: SigningKey
    issuer?: string
    audience?: string
    expires?: number
    others?: Readonly<Record<string, unknown>>
  } = {},
): Promise<Answer> {
  const token = await signToken(signer, { issuer, audience, expires, others })
  return served.call('POST', '/webhooks/botframework/webhook', body, {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
  })
}

const activity = (provider: FakeProvider, text: string, sender = 'u1', id = 'a1'): object => ({
  ...{ type: 'message', id, text, serviceUrl: serviceOf(provider), channelId: 'msteams' },
  ...{ from: { id: sender }, recipient: { id: 'bot', name: 'Bot' }, conversation: { id: 'c 1' } },
})
const sent = ({ requests }: FakeProvider): ProviderRequest[] =>
  requests.filter(({ path }) => path.endsWith('activities'))

testChannel(test, async t => {
  const provider = await fakeProvider(t, microsoft)
  return {
    name: 'botframework',
    create: createBotframework,
    provider,
    settings: settingsOf(provider),
    limit: 28_000,
    deliver: (served, { text, sender, id }) => post(served, activity(provider, text, sender, id)),
    send: (served, bytes) => post(served, bytes),
    forge: served => post(served, activity(provider, 'x'), { signer: foreignKey }),
    texts: () => sent(provider).map(({ body }) => String(body['text'])),
  }
})

async function opened(
  t: ExecutionContext,
  answer: BotMessage = { text: 'yes' },
): Promise<{ served: ServedChannel; provider: FakeProvider }> {
  const provider = await fakeProvider(t, microsoft)
  const served = await serveChannel(t, createBotframework, settingsOf(provider), {
    respond: (_message, say) => say(answer),
  })
  return { served, provider }
}

test('security row 23: a foreign key, issuer, audience or service is a 401, and our token goes to no other host', async t => {
  const { served, provider } = await opened(t)
  const foreign = await fakeProvider(t, () => ({ status: 201 }))
  const own = activity(provider, 'x')
  const refused = [
    post(served, own, { signer: foreignKey }),
    post(served, own, { issuer: 'https://evil.test' }),
    post(served, own, { audience: 'other-app' }),
    post(served, own, { expires: -600 }),
    post(served, own, { others: { serviceurl: 'https://smba.trafficmanager.net/' } }),
    post(served, own, { others: {} }),
    post(served, { ...own, channelId: 'slack' }),
    post(served, { ...own, serviceUrl: undefined }),
    post(served, { ...own, serviceUrl: `${foreign.url}/` }),
    post(served, { ...own, serviceUrl: 'https://botframework.com.evil.test/' }),
    post(served, { ...own, serviceUrl: 'http://smba.trafficmanager.net/' }),
    served.call('POST', '/webhooks/botframework/webhook', own),
    served.call('POST', '/webhooks/botframework/webhook', own, { authorization: 'Basic x' }),
  ]
  for (const answer of refused) t.is((await answer).status, 401)
  t.is(foreign.requests.length, 0)
  t.is(served.seen.length, 0)
  t.is((await post(served, own, { others: { serviceUrl: serviceOf(provider) } })).text, 'success')
  // The keys and the token are fetched once, not with every message.
  await post(served, activity(provider, 'y', 'u1', 'a2'))
  for (const path of ['/keys', '/login']) t.is(provider.requests.filter(each => each.path === path).length, 1)
})

test('attachments are in the metadata, other activities are passed over, and cards have the Connector’s shapes', async t => {
  const { served, provider } = await opened(t, {
    text: 'pick',
    buttons: [{ title: 'A', type: 'imBack', value: '/a' }],
    image: 'https://x.test/i.png',
  })
  const attachments = [{ contentType: 'image/png', contentUrl: 'https://x.test' }]
  t.is((await post(served, { ...activity(provider, 'x'), attachments })).text, 'success')
  t.is((await post(served, { ...activity(provider, 'x'), type: 'conversationUpdate' })).text, 'success')
  t.is(served.seen.length, 1)
  t.deepEqual(served.seen[0]?.metadata, { attachments })
  const hero = 'application/vnd.microsoft.card.hero'
  t.like(sent(provider)[0]?.body, {
    type: 'message',
    recipient: { id: 'u1' },
    from: { id: 'bot', name: 'Bot' },
    attachments: [
      {
        contentType: hero,
        content: { subtitle: 'pick', buttons: [{ title: 'A', type: 'imBack', value: '/a' }] },
      },
    ],
  })
  t.like(sent(provider)[1]?.body, {
    attachments: [{ contentType: hero, content: { images: [{ url: 'https://x.test/i.png' }] } }],
  })
})
