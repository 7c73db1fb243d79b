import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider, ProviderReply, ProviderRequest } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { testChannel } from './channel-contract.ts'
import { createRocketchat } from './rocketchat.ts'

/** Login and chat.postMessage as documented; a message has at most 5,000 characters by default. */
function rocket({ path, headers, body }: ProviderRequest): ProviderReply | undefined {
  if (path === '/api/v1/login') {
    if (body['user'] !== 'bot' || body['password'] !== 'pw') return { status: 401, body: { status: 'error' } }
    return { body: { status: 'success', data: { authToken: 'a-token', userId: 'bot-id' } } }
  }
  if (path !== '/api/v1/chat.postMessage') return undefined
  const isIn = headers['x-auth-token'] === 'a-token' && headers['x-user-id'] === 'bot-id'
  if (!isIn) return { status: 401, body: { status: 'error', message: 'You must be logged in to do this.' } }
  const { roomId, channel, text = '' } = body
  const isWhole = (roomId ?? channel) !== undefined && typeof text === 'string' && text.length <= 5000
  return isWhole ? { body: { success: true } } : { status: 400, body: { success: false } }
}

const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  ...{ user: 'bot', password: 'pw', server_url: provider.url, webhook_token: 'hook-token' },
})

function post(served: ServedChannel, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return served.call('POST', '/webhooks/rocketchat/webhook', body, {
    'content-type': 'application/json',
    ...headers,
  })
}

const outgoing = (text: string, channel = 'r1', id = 'm1'): object => ({
  ...{ token: 'hook-token', channel_id: channel, user_id: 'u1', user_name: 'ann', message_id: id, text },
})
const posts = ({ requests }: FakeProvider): ProviderRequest[] =>
  requests.filter(({ path }) => path.endsWith('postMessage'))

testChannel(test, async t => {
  const provider = await fakeProvider(t, rocket)
  return {
    name: 'rocketchat',
    create: createRocketchat,
    provider,
    settings: settingsOf(provider),
    limit: 5000,
    deliver: (served, { text, sender, id }) => post(served, outgoing(text, sender, id)),
    send: (served, bytes) => post(served, bytes),
    forge: served => post(served, { ...outgoing('x'), token: 'another' }),
    texts: () => posts(provider).map(({ body }) => String(body['text'])),
  }
})

async function opened(
  t: ExecutionContext,
  answer: BotMessage = { text: 'yes' },
): Promise<{ served: ServedChannel; provider: FakeProvider }> {
  const provider = await fakeProvider(t, rocket)
  const served = await serveChannel(t, createRocketchat, settingsOf(provider), {
    respond: (_message, say) => say(answer),
  })
  return { served, provider }
}

test('security row 24: rooms and livechat are heard with their token only, and the bot not itself', async t => {
  const { served } = await opened(t)
  const live = {
    _id: 'l1',
    visitor: { token: 'v' },
    messages: [{ _id: 'm9', msg: 'live', username: 'guest' }],
  }
  t.is((await post(served, live)).status, 401)
  t.is((await post(served, live, { 'x-rocketchat-livechat-token': 'hook-token' })).status, 200)
  t.is((await post(served, { ...outgoing('me'), user_name: 'bot' })).status, 200)
  t.is((await post(served, outgoing('room'))).status, 200)
  t.deepEqual(
    served.seen.map(({ text, senderId }) => [text, senderId]),
    [
      ['live', 'l1'],
      ['room', 'r1'],
    ],
  )
})

test('it logs in once, and anew when the login has run out', async t => {
  const { served, provider } = await opened(t)
  await post(served, outgoing('a', 'r1', '1'))
  await post(served, outgoing('b', 'r1', '2'))
  const logins = (): number => provider.requests.filter(({ path }) => path.endsWith('login')).length
  t.is(logins(), 1)
  let isOut = true
  provider.answerWith(({ path }) => {
    if (!path.endsWith('postMessage') || !isOut) return undefined
    isOut = false
    return { status: 401 }
  })
  await post(served, outgoing('c', 'r1', '3'))
  t.is(logins(), 2)
  t.is(posts(provider).length, 4)
  t.true(served.log.entries.every(({ level }) => level !== 'error'))
})

test('buttons, attachments and custom messages have Rocket.Chat’s own shapes', async t => {
  const { served, provider } = await opened(t, {
    text: 'pick',
    buttons: [{ title: 'A', payload: '/a' }],
    image: 'https://x.test/i.png',
    custom: { text: 'c', room_id: 'r7' },
  })
  await post(served, outgoing('x'))
  t.deepEqual(
    posts(provider).map(({ body }) => body),
    [
      {
        roomId: 'r1',
        text: 'pick',
        attachments: [{ actions: [{ text: 'A', msg: '/a', type: 'button', msg_in_chat_window: true }] }],
      },
      { roomId: 'r7', text: 'c' },
      { roomId: 'r1', attachments: [{ image_url: 'https://x.test/i.png', collapsed: false }] },
    ],
  )
})
