import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider, ProviderReply, ProviderRequest } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { testChannel } from './channel-contract.ts'
import { createTwilio } from './twilio.ts'
import { hmac } from './webhook.ts'

const TOKEN = '12345'
const PUBLIC = 'https://mycompany.test/webhooks/twilio/webhook'
const BASIC = `Basic ${Buffer.from(`AC1:${TOKEN}`).toString('base64')}`

/** The Messages API as documented: basic auth, To, From or a service, a body of at most 1,600 or media. */
function messagesApi({ path, headers, body }: ProviderRequest): ProviderReply | undefined {
  const refuse = (status: number, code: number): ProviderReply => ({ status, body: { code, status } })
  if (path !== '/2010-04-01/Accounts/AC1/Messages.json') return refuse(404, 20404)
  if (headers.authorization !== BASIC) return refuse(401, 20003)
  const { To: to, From: from, MessagingServiceSid: service, Body: text, MediaUrl: media } = body
  if (typeof to !== 'string' || (from === undefined && service === undefined)) return refuse(400, 21603)
  if (text === undefined && media === undefined) return refuse(400, 21602)
  if (typeof text === 'string' && text.length > 1600) return refuse(400, 21617)
  return { status: 201, body: { sid: 'SM1' } }
}

function signature(fields: Record<string, string>, url: string, token = TOKEN): string {
  const tail = Object.keys(fields)
    .toSorted()
    .map(name => `${name}${fields[name] ?? ''}`)
    .join('')
  return hmac('sha1', token, `${url}${tail}`, 'base64')
}

function post(
  served: ServedChannel,
  fields: Record<string, string>,
  headers: Record<string, string> = { 'x-twilio-signature': signature(fields, PUBLIC) },
): Promise<Answer> {
  return served.call('POST', '/webhooks/twilio/webhook', new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  })
}

const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  ...{
    account_sid: 'AC1',
    auth_token: TOKEN,
    twilio_number: '+1000',
    webhook_url: PUBLIC,
    api_url: provider.url,
  },
})

testChannel(test, async t => {
  const provider = await fakeProvider(t, messagesApi)
  return {
    name: 'twilio',
    create: createTwilio,
    provider,
    settings: settingsOf(provider),
    limit: 1600,
    deliver: (served, { text, sender, id }) => post(served, { From: sender, Body: text, MessageSid: id }),
    send: (served, bytes) => post(served, Object.fromEntries(new URLSearchParams(bytes))),
    forge: served => post(served, { From: '+1', Body: 'x' }, { 'x-twilio-signature': 'AAAA' }),
    texts: ({ requests }) => requests.map(({ body }) => String(body['Body'])),
  }
})

async function opened(
  t: ExecutionContext,
  settings: Record<string, unknown> = {},
  answer: BotMessage = { text: 'yes' },
): Promise<{ served: ServedChannel; provider: FakeProvider }> {
  const provider = await fakeProvider(t, messagesApi)
  const served = await serveChannel(
    t,
    createTwilio,
    { ...settingsOf(provider), ...settings },
    { respond: (_message, say) => say(answer) },
  )
  return { served, provider }
}

test('the signature is Twilio’s own, as its documentation shows one', t => {
  const fields = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675310',
    Digits: '1234',
    From: '+14158675310',
    To: '+18005551212',
  }
  t.is(signature(fields, 'https://example.com/myapp.php?foo=1&bar=2'), 'L/OH5YylLD5NRKLltdqwSvS0BnU=')
})

test('security row 21: unsigned and wrongly signed requests are a 403; ports and proxies are seen through', async t => {
  const fields = { From: '+1', Body: 'x' }
  const signed = (url: string, token?: string): Record<string, string> => ({
    'x-twilio-signature': signature(fields, url, token),
  })
  const fixed = await opened(t)
  const cases: [Record<string, string>, number][] = [
    [{}, 403],
    [signed(PUBLIC, 'other'), 403],
    [signed('https://evil.test/webhooks/twilio/webhook'), 403],
    [signed(PUBLIC), 204],
    [signed('https://mycompany.test:443/webhooks/twilio/webhook'), 204],
  ]
  for (const [headers, status] of cases) t.is((await post(fixed.served, fields, headers)).status, status)

  const derived = await opened(t, { webhook_url: null })
  const forwarded = { 'x-forwarded-host': 'shop.test', 'x-forwarded-proto': 'https' }
  const path = '/webhooks/twilio/webhook'
  t.is(
    (await post(derived.served, fields, { ...signed(`https://shop.test${path}`), ...forwarded })).status,
    204,
  )
  t.is(
    (await post(derived.served, fields, { ...signed(`https://shop.test:443${path}`), ...forwarded })).status,
    204,
  )
  t.is(
    (await post(derived.served, fields, { ...signed(`https://shop.test${path}`, 'x'), ...forwarded })).status,
    403,
  )
  t.is((await post(derived.served, fields, signed(`https://elsewhere.test${path}`))).status, 403)
  t.is(fixed.served.seen.length + derived.served.seen.length, 4)
  const open = await opened(t, { verify_signature: false })
  t.is((await post(open.served, fields, {})).status, 204)
})

test('places are an intent, a mangled @ is mended, and a form without a sender is passed over', async t => {
  const { served } = await opened(t)
  await post(served, { From: 'whatsapp:+1', Body: '', Latitude: '1.5', Longitude: '2' })
  await post(served, { From: '+1', Body: 'me¡x.test' })
  t.is((await post(served, { Body: 'x' })).status, 204)
  t.is((await post(served, { From: '+1' })).status, 204)
  t.deepEqual(
    served.seen.map(({ text, senderId }) => [text, senderId]),
    [
      ["/locationData{'Latitude': 1.5,'Longitude': 2}", 'whatsapp:+1'],
      ['me@x.test', '+1'],
    ],
  )
})

test('images are media, and custom messages take the keys of Twilio’s Python library', async t => {
  const { served, provider } = await opened(
    t,
    {},
    {
      image: 'https://x.test/i.png',
      custom: {
        body: 'hey',
        from_: '+2',
        media_url: ['https://x.test/a', 'https://x.test/b'],
        status_callback: 'https://x.test',
      },
    },
  )
  await post(served, { From: '+1', Body: 'x' })
  t.deepEqual(provider.requests[1]?.body, { To: '+1', From: '+1000', MediaUrl: 'https://x.test/i.png' })
  t.like(provider.requests[0]?.body, { To: '+1', From: '+2', Body: 'hey', StatusCallback: 'https://x.test' })
})
