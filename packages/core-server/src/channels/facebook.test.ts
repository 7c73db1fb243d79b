import test from 'ava'
import type { ExecutionContext } from 'ava'
import { createHmac } from 'node:crypto'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider, ProviderReply, ProviderRequest } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { testChannel } from './channel-contract.ts'
import { createFacebook } from './facebook.ts'
import { at, hmac } from './webhook.ts'

const SECRET = 'app-secret'

/** The Send API as documented: texts of 2,000, templates of 640 with 1 to 3 buttons, 13 quick replies, titles of 20, payloads of 1,000. */
function graph({ path, body }: ProviderRequest): ProviderReply | undefined {
  const refuse = (message: string): ProviderReply => ({
    status: 400,
    body: { error: { message, code: 100 } },
  })
  if (path !== '/v2.11/me/messages?access_token=page%26token') return refuse('Invalid OAuth access token')
  if (typeof at(body, 'recipient', 'id') !== 'string') return refuse('recipient')
  const action = at(body, 'sender_action')
  if (action !== undefined) return { body: { recipient_id: '1' } }
  if (at(body, 'messaging_type') !== 'RESPONSE') return refuse('messaging_type')
  const message = at(body, 'message')
  const isTitle = (item: unknown): boolean => {
    const title = at(item, 'title')
    const payload = at(item, 'payload') ?? ''
    const isSent = typeof payload === 'string' && payload.length <= 1000
    return (
      isSent && (title === undefined || (typeof title === 'string' && title !== '' && title.length <= 20))
    )
  }
  const text = at(message, 'text')
  if (typeof text === 'string' && (text === '' || text.length > 2000)) return refuse('text')
  const replies = at(message, 'quick_replies')
  if (Array.isArray(replies) && (replies.length > 13 || !replies.every(isTitle)))
    return refuse('quick_replies')
  const payload = at(message, 'attachment', 'payload')
  if (at(payload, 'template_type') === 'button') {
    const buttons = at(payload, 'buttons')
    const said = at(payload, 'text')
    const isWhole =
      Array.isArray(buttons) &&
      buttons.length >= 1 &&
      buttons.length <= 3 &&
      buttons.every((button: unknown) => isTitle(button) && typeof at(button, 'type') === 'string')
    if (!isWhole || typeof said !== 'string' || said === '' || said.length > 640) return refuse('template')
  }
  return { body: { recipient_id: '1', message_id: 'm' } }
}

const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  verify: 'my-verify',
  secret: SECRET,
  'page-access-token': 'page&token',
  api_url: `${provider.url}/v2.11`,
})

function post(served: ServedChannel, body: unknown, headers?: Record<string, string>): Promise<Answer> {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body)
  return served.call('POST', '/webhooks/facebook/webhook', bytes, {
    'content-type': 'application/json',
    ...(headers ?? { 'x-hub-signature-256': `sha256=${hmac('sha256', SECRET, bytes)}` }),
  })
}

const page = (...messaging: object[]): object => ({
  object: 'page',
  entry: messaging.map(event => ({ id: 'P1', time: 1, messaging: [event] })),
})
const textEvent = (text: string, sender = '17', mid = 'm1'): object => ({
  sender: { id: sender },
  recipient: { id: 'P1' },
  timestamp: 1,
  message: { mid, text },
})
const messages = ({ requests }: FakeProvider): unknown[] =>
  requests.map(({ body }) => body['message']).filter(message => message !== undefined)

testChannel(test, async t => {
  const provider = await fakeProvider(t, graph)
  return {
    name: 'facebook',
    create: createFacebook,
    provider,
    settings: settingsOf(provider),
    limit: 2000,
    deliver: (served, { text, sender, id }) => post(served, page(textEvent(text, sender, id))),
    send: post,
    forge: served => post(served, page(textEvent('x')), { 'x-hub-signature-256': 'sha256=00' }),
    texts: () => messages(provider).map(message => String(at(message, 'text'))),
  }
})

async function opened(
  t: ExecutionContext,
  answer: BotMessage = { text: 'yes' },
): Promise<{ served: ServedChannel; provider: FakeProvider }> {
  const provider = await fakeProvider(t, graph)
  const served = await serveChannel(t, createFacebook, settingsOf(provider), {
    respond: (_message, say) => say(answer),
  })
  return { served, provider }
}

test('security row 20: SHA-256 goes first, SHA-1 is the older way, and the header chooses no other hash', async t => {
  const { served } = await opened(t)
  const body = page(textEvent('x'))
  const bytes = JSON.stringify(body)
  const sha1 = `sha1=${hmac('sha1', SECRET, bytes)}`
  const md5 = `md5=${createHmac('md5', SECRET).update(bytes).digest('hex')}`
  const cases: [Record<string, string>, number][] = [
    [{ 'x-hub-signature': md5 }, 403],
    [{ 'x-hub-signature': 'shake_128=' }, 403],
    [{ 'x-hub-signature': '' }, 403],
    [{}, 403],
    [{ 'x-hub-signature': sha1, 'x-hub-signature-256': 'sha256=00' }, 403],
    [{ 'x-hub-signature': sha1 }, 200],
  ]
  for (const [headers, status] of cases) t.is((await post(served, body, headers)).status, status)
  t.is(served.seen.length, 1)
})

test('Meta’s check of the address is answered', async t => {
  const { served } = await opened(t)
  const check = (token: string): Promise<Answer> =>
    served.call(
      'GET',
      `/webhooks/facebook/webhook?hub.mode=subscribe&hub.challenge=99&hub.verify_token=${token}`,
    )
  t.is((await check('my-verify')).text, '99')
  t.is((await check('other')).text, 'failure, invalid token')
})

test('every message of a delivery is heard, in order: texts, quick replies, attachments and postbacks, no echoes', async t => {
  const { served, provider } = await opened(t)
  const from = { sender: { id: '17' }, timestamp: 1 }
  const media = (type: string): object => ({
    ...from,
    message: { mid: type, attachments: [{ type, payload: { url: `u/${type}` } }] },
  })
  await post(
    served,
    page(
      textEvent('one'),
      { ...from, message: { mid: 'm2', text: 'Yes', quick_reply: { payload: '/yes' } } },
      media('image'),
      media('location'),
      { ...from, postback: { mid: 'm4', payload: '/start' } },
      { ...from, message: { mid: 'm5', text: 'echo', is_echo: true } },
      { ...from, delivery: { mids: ['m1'] } },
    ),
  )
  t.deepEqual(
    served.seen.map(({ text }) => text),
    ['one', '/yes', 'u/image', '/start'],
  )
  const actions = provider.requests.map(({ body }) => body['sender_action'] ?? 'message')
  t.deepEqual(actions.slice(0, 4), ['mark_seen', 'typing_on', 'message', 'typing_off'])
})

test('buttons, quick replies, elements and custom messages have Messenger’s own shapes', async t => {
  const { served, provider } = await opened(t, {
    text: 'pick',
    quick_replies: [{ title: 'Q', payload: '/q', content_type: 'text' }],
    image: 'https://x.test/i.png',
    elements: [{ title: 'T', buttons: [{ title: 'E', payload: '/e' }] }],
    custom: { sender: { id: '99' }, text: 'to another' },
  })
  await post(served, page(textEvent('x')))
  t.deepEqual(messages(provider), [
    { text: 'pick', quick_replies: [{ content_type: 'text', title: 'Q', payload: '/q' }] },
    { text: 'to another' },
    { attachment: { type: 'image', payload: { url: 'https://x.test/i.png' } } },
    {
      attachment: {
        type: 'template',
        payload: {
          template_type: 'generic',
          elements: [{ title: 'T', buttons: [{ type: 'postback', title: 'E', payload: '/e' }] }],
        },
      },
    },
  ])
  t.deepEqual(
    provider.requests.find(({ body }) => at(body, 'message', 'text') === 'to another')?.body['recipient'],
    {
      id: '99',
    },
  )
})
