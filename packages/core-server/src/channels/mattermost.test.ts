import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider, ProviderReply, ProviderRequest } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { testChannel } from './channel-contract.ts'
import { createMattermost } from './mattermost.ts'
import { at } from './webhook.ts'

/** The posts API as documented: a bearer token, a channel, a message of at most 16,383. */
function postsApi({ path, headers, body }: ProviderRequest): ProviderReply | undefined {
  if (path !== '/api/v4/posts') return undefined
  if (headers.authorization !== 'Bearer bot-token') return { status: 401 }
  const { channel_id: channel, message = '' } = body
  const isWhole = typeof channel === 'string' && typeof message === 'string' && message.length <= 16_383
  return { status: isWhole ? 201 : 400 }
}

const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  url: `${provider.url}/api/v4`,
  token: 'bot-token',
  webhook_url: 'https://bot.test/webhooks/mattermost/webhook',
  webhook_token: 'hook-token',
})

function post(served: ServedChannel, body: unknown, type = 'application/json'): Promise<Answer> {
  return served.call('POST', '/webhooks/mattermost/webhook', body, { 'content-type': type })
}

const outgoing = (text: string, user = 'u1', id = 'p1'): object => ({
  ...{ token: 'hook-token', team_id: 't', channel_id: 'c1', channel_name: 'town', timestamp: 1 },
  ...{ user_id: user, user_name: 'ann', post_id: id, text: `@bot ${text}`, trigger_word: '@bot' },
})

testChannel(test, async t => {
  const provider = await fakeProvider(t, postsApi)
  return {
    name: 'mattermost',
    create: createMattermost,
    provider,
    settings: settingsOf(provider),
    limit: 16_383,
    deliver: (served, { text, sender, id }) => post(served, outgoing(text, sender, id)),
    send: (served, bytes) => post(served, bytes),
    forge: served => post(served, { ...outgoing('x'), token: 'another' }),
    texts: ({ requests }) => requests.map(({ body }) => String(body['message'])),
  }
})

async function opened(
  t: ExecutionContext,
  settings: Record<string, unknown> = {},
  answer: BotMessage = { text: 'yes' },
): Promise<{ served: ServedChannel; provider: FakeProvider }> {
  const provider = await fakeProvider(t, postsApi)
  const served = await serveChannel(
    t,
    createMattermost,
    { ...settingsOf(provider), ...settings },
    { respond: (_message, say) => say(answer) },
  )
  return { served, provider }
}

test('security row 24: without the token of the webhook it is a 401, and our own buttons carry theirs', async t => {
  const { served, provider } = await opened(
    t,
    {},
    { text: 'sure?', buttons: [{ title: 'Yes', payload: '/yes' }] },
  )
  t.is((await post(served, { ...outgoing('x'), token: undefined })).status, 401)
  await post(served, outgoing('x'))
  const context = at(
    provider.requests[0]?.body,
    'props',
    'attachments',
    0,
    'actions',
    0,
    'integration',
    'context',
  )
  const press = { user_id: 'u1', channel_id: 'c1', post_id: 'p2', trigger_id: 'tr1' }
  t.is((await post(served, { ...press, context: { action: '/yes' } })).status, 401)
  t.is((await post(served, { ...press, context })).text, 'success')
  t.deepEqual(
    served.seen.map(({ text }) => text),
    ['x', '/yes'],
  )
})

test('without a webhook_token it is open, as in Rasa, with a word of warning', async t => {
  const { served } = await opened(t, { webhook_token: null })
  t.like(served.log.entries[0], { level: 'warn', code: 'mattermost.open' })
  t.is((await post(served, { ...outgoing('x'), token: undefined })).text, 'success')
})

test('the trigger word is cut, a form is read like JSON, and other bodies are passed over', async t => {
  const { served, provider } = await opened(t)
  await post(served, outgoing('hello there'))
  await post(served, { ...outgoing(''), text: 'hello', post_id: 'p2' })
  const form = new URLSearchParams(outgoing('in a form', 'u2', 'p3') as Record<string, string>)
  await post(served, form.toString(), 'application/x-www-form-urlencoded')
  await post(served, { token: 'hook-token', text: 'no word', user_id: 'u1' })
  t.deepEqual(
    served.seen.map(({ text, senderId }) => [text, senderId]),
    [
      ['hello there', 'u1'],
      ['hello', 'u1'],
      ['in a form', 'u2'],
    ],
  )
  t.is(provider.requests[0]?.body['channel_id'], 'c1')
})
