import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider, ProviderReply, ProviderRequest } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { isRecord } from '../http/body.ts'
import { testChannel } from './channel-contract.ts'
import type { ChannelFixture } from './channel-contract.ts'
import { createSlack } from './slack.ts'
import { cleanText } from './slack-messages.ts'
import { at, hmac } from './webhook.ts'

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5'
const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

/** chat.postMessage as documented: a token, a channel, a text of at most 40,000, blocks within their bounds. */
function slackApi({ path, headers, body }: ProviderRequest): ProviderReply | undefined {
  if (path !== '/api/chat.postMessage') return undefined
  const refuse = (error: string): ProviderReply => ({ body: { ok: false, error } })
  if (headers.authorization !== 'Bearer xoxb-1') return refuse('invalid_auth')
  const { channel, text = '', blocks = [], attachments = [] } = body
  if (typeof channel !== 'string' || channel === '') return refuse('channel_not_found')
  if (typeof text !== 'string' || !Array.isArray(blocks) || !Array.isArray(attachments))
    return refuse('invalid_arguments')
  if (text === '' && blocks.length === 0 && attachments.length === 0) return refuse('no_text')
  if (text.length > 40_000) return refuse('msg_too_long')
  const areBlocks = blocks.every((block: unknown) => {
    if (at(block, 'type') === 'image') return String(at(block, 'alt_text')).length <= 2000
    if (at(block, 'type') === 'section') {
      const length = String(at(block, 'text', 'text')).length
      return length > 0 && length <= 3000
    }
    const elements = at(block, 'elements')
    return (
      Array.isArray(elements) &&
      elements.length <= 25 &&
      elements.every((element: unknown) => {
        const label = at(element, 'text', 'text')
        return typeof label === 'string' && label.length <= 75 && String(at(element, 'value')).length <= 2000
      })
    )
  })
  return areBlocks ? { body: { ok: true, ts: '1.1' } } : refuse('invalid_blocks')
}

async function send(
  served: ServedChannel,
  bytes: string,
  { type = JSON_TYPE, time = Date.now() / 1000, secret = SECRET, headers = {} } = {},
): Promise<Answer> {
  const timestamp = String(Math.floor(time))
  return served.call('POST', '/webhooks/slack/webhook', bytes, {
    ...{ 'content-type': type, 'x-slack-request-timestamp': timestamp },
    'x-slack-signature': `v0=${hmac('sha256', secret, `v0:${timestamp}:${bytes}`)}`,
    ...headers,
  })
}

interface SlackEvent {
  readonly text?: string
  readonly user?: string
  readonly id?: string
  readonly [other: string]: unknown
}

function event({ text = 'hello', user = 'U1', id = 'Ev1', ...others }: SlackEvent): string {
  return JSON.stringify({
    ...{ token: 'z', team_id: 'T1', api_app_id: 'A1', type: 'event_callback', event_id: id, event_time: 1 },
    event: { type: 'message', channel: 'D1', channel_type: 'im', user, text, ts: '17.1', ...others },
    authorizations: [{ user_id: 'UBOT', is_bot: true }],
  })
}

const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  ...{ slack_token: 'xoxb-1', slack_signing_secret: SECRET, api_url: `${provider.url}/api` },
})

async function fixture(t: ExecutionContext): Promise<ChannelFixture> {
  const provider = await fakeProvider(t, slackApi)
  return {
    name: 'slack',
    create: createSlack,
    provider,
    settings: settingsOf(provider),
    limit: 40_000,
    deliver: (served, { text, sender, id }) => send(served, event({ text, user: sender, id })),
    send,
    forge: served => send(served, event({}), { secret: 'another' }),
    texts: ({ requests }) => requests.map(({ body }) => String(body['text'])),
  }
}

testChannel(test, fixture)

async function opened(
  t: ExecutionContext,
  settings: Record<string, unknown> = {},
  answer: BotMessage = { text: 'yes' },
): Promise<{ served: ServedChannel; provider: FakeProvider }> {
  const provider = await fakeProvider(t, slackApi)
  const served = await serveChannel(
    t,
    createSlack,
    { ...settingsOf(provider), ...settings },
    { respond: (_message, say) => say(answer) },
  )
  return { served, provider }
}

test('security row 19: signed by another, too old, or changed on the way is a 400; the raw bytes are signed', async t => {
  const { served } = await opened(t)
  const now = Date.now() / 1000
  t.is((await send(served, event({}), { time: now - 301 })).status, 400)
  t.is((await send(served, event({}), { time: now + 310 })).status, 400)
  t.is((await send(served, event({}), { secret: 'x' })).status, 400)
  const signature = {
    'x-slack-signature': `v0=${hmac('sha256', SECRET, `v0:${Math.floor(now)}:${event({})}`)}`,
  }
  // The same JSON in other bytes.
  const changed = JSON.stringify(JSON.parse(event({})), null, 1)
  t.is((await send(served, changed, { time: now, headers: signature })).status, 400)
  t.is((await send(served, event({}), { time: now, headers: { 'x-slack-signature': '' } })).status, 400)
  t.is((await served.call('GET', '/webhooks/slack/webhook')).status, 400)
  t.is(served.seen.length, 0)
  t.is((await send(served, event({}), { time: now - 290 })).status, 200)
})

test('Slack’s challenge is answered, so that the address can be set', async t => {
  const { served } = await opened(t)
  const answer = await send(
    served,
    JSON.stringify({ type: 'url_verification', challenge: 'abc', token: 'z' }),
  )
  t.is(answer.status, 200)
  t.is(answer.body, 'abc')
})

test('the bot listens to direct messages, mentions and its own channel, and not to bots', async t => {
  const { served } = await opened(t, { slack_channel: 'C9' })
  const cases: [SlackEvent, string][] = [
    [{ id: '1' }, ''],
    [{ id: '2', type: 'app_mention', channel: 'C1', channel_type: 'channel', text: '<@UBOT> hi' }, ''],
    [{ id: '3', channel: 'C9', channel_type: 'channel' }, ''],
    [{ id: '4', channel: 'C1', channel_type: 'channel' }, 'channel not supported.'],
    [{ id: '5', bot_id: 'B1' }, 'Bot message delivered.'],
    [{ id: '6', type: 'reaction_added' }, 'Bot message delivered.'],
    [{ id: '7', text: '' }, 'Bot message delivered.'],
  ]
  for (const [given, text] of cases) t.is((await send(served, event(given))).text, text)
  t.deepEqual(
    served.seen.map(({ text }) => text),
    ['hello', 'hi', 'hello'],
  )
  t.deepEqual(served.seen[0]?.metadata, { out_channel: 'D1', thread_id: '17.1', users: ['UBOT'] })
})

test('mentions of the bot and the markup of links are gone from what the bot reads', t => {
  t.is(cleanText('<@UBOT> hi', ['UBOT']), 'hi')
  t.is(cleanText('hi <@UBOT>', ['UBOT']), 'hi')
  t.is(cleanText('hi <@UBOT> there', ['UBOT']), 'hi there')
  t.is(cleanText('hi<@UBOT>there <@UOTHER>', ['UBOT']), 'hi there <@UOTHER>')
  t.is(
    cleanText('see <http://x.test/a|x.test/a> or <https://y.test>', []),
    'see x.test/a or <https://y.test>',
  )
})

test('conversations are held by person, by channel or by thread, and answers go into the thread', async t => {
  const cases: [string, string][] = [
    ['sender', 'U1'],
    ['channel', 'U1_D1'],
    ['thread', 'U1_D1_17.1'],
  ]
  for (const [granularity, sender] of cases) {
    const { served, provider } = await opened(t, { conversation_granularity: granularity, use_threads: true })
    await send(served, event({}))
    t.is(served.seen[0]?.senderId, sender)
    t.like(provider.requests[0]?.body, { channel: 'D1', thread_ts: '17.1', text: 'yes', as_user: true })
  }
  const { served, provider } = await opened(t)
  await send(served, event({}))
  t.false('thread_ts' in (provider.requests[0]?.body ?? {}))
  t.throws(() => createSlack({ ...settingsOf(provider), conversation_granularity: 'x' }, served), {
    code: 'credentials.invalid',
  })
})

test('pressed buttons and choices say their value, slash commands their text', async t => {
  const { served } = await opened(t)
  const press = async (action: object, id: string): Promise<Answer> => {
    const payload = {
      type: 'block_actions',
      user: { id: 'U1' },
      channel: { id: 'C1' },
      trigger_id: id,
      actions: [action],
    }
    const fields = new URLSearchParams({ payload: JSON.stringify(payload) })
    return send(served, fields.toString(), { type: FORM_TYPE })
  }
  t.is((await press({ type: 'button', value: '/yes' }, '1')).status, 200)
  t.is((await press({ type: 'static_select', selected_option: { value: '/two' } }, '2')).status, 200)
  t.is((await press({ type: 'datepicker', selected_date: '2026-01-01' }, '3')).status, 200)
  t.is((await press({ type: 'button', url: 'https://x.test' }, '4')).text, 'User clicked link button')
  t.is((await press({ type: 'constructor' }, '5')).status, 400)
  const command = (text: string): Promise<Answer> =>
    send(
      served,
      new URLSearchParams({
        command: '/weather',
        text,
        user_id: 'U2',
        channel_id: 'C1',
        trigger_id: text,
      }).toString(),
      { type: FORM_TYPE },
    )
  t.is((await command('in Rome')).status, 200)
  t.is((await command('')).status, 200)
  t.deepEqual(
    served.seen.map(({ text, senderId }) => [text, senderId]),
    [
      ['/yes', 'U1'],
      ['/two', 'U1'],
      ['2026-01-01', 'U1'],
      ['in Rome', 'U2'],
      ['/weather', 'U2'],
    ],
  )
})

test('fault row 33: a retry whose first delivery failed is processed; Rasa drops it by its header', async t => {
  const { served } = await opened(t)
  const headers = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' }
  t.is((await send(served, event({}), { headers })).status, 200)
  t.is(served.seen.length, 1)
  const again = await send(served, event({}), { headers })
  t.is(again.status, 201)
  t.is(again.headers.get('x-slack-no-retry'), '1')
  t.is(served.seen.length, 1)
})

test('buttons, images and custom messages have Slack’s own shapes', async t => {
  const buttons = [{ title: 'Yes', payload: '/yes' }]
  const one = await opened(t, {}, { text: 'sure?', buttons })
  await send(one.served, event({}))
  t.deepEqual(one.provider.requests[0]?.body['blocks'], [
    { type: 'section', text: { type: 'plain_text', text: 'sure?' } },
    {
      type: 'actions',
      elements: [{ type: 'button', text: { type: 'plain_text', text: 'Yes' }, value: '/yes' }],
    },
  ])
  const two = await opened(
    t,
    {},
    { image: 'https://x.test/i.png', custom: { channel: 'C7', blocks: [], text: 'c' } },
  )
  await send(two.served, event({}))
  t.true(two.provider.requests.every(({ body }) => isRecord(body)))
  t.is(two.provider.requests[0]?.body['channel'], 'C7')
  t.deepEqual(two.provider.requests[1]?.body['blocks'], [
    { type: 'image', image_url: 'https://x.test/i.png', alt_text: 'https://x.test/i.png' },
  ])
})

test('a bot without its signing secret does not start', t => {
  t.throws(() => createSlack({ slack_token: 'x' }, {} as never), {
    code: 'credentials.invalid',
    message: /slack_signing_secret/,
  })
})
