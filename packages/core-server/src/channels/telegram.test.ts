import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider, ProviderReply, ProviderRequest } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { testChannel } from './channel-contract.ts'
import { createTelegram } from './telegram.ts'
import { at, hmac } from './webhook.ts'

const TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'
const SECRET = hmac('sha256', TOKEN, 'telegram webhook')

/** The Bot API as documented: texts of 4,096, callback data of 1 to 64 bytes. */
function botApi({ path, body }: ProviderRequest): ProviderReply | undefined {
  const method = path.startsWith(`/bot${TOKEN}/`) ? path.slice(TOKEN.length + 5) : null
  const ok = (result: unknown): ProviderReply => ({ body: { ok: true, result } })
  const refuse = (description: string): ProviderReply => ({
    status: 400,
    body: { ok: false, error_code: 400, description },
  })
  if (method === null) return { status: 401, body: { ok: false } }
  if (method === 'getMe') return ok({ id: 1, is_bot: true, username: 'shop_bot' })
  if (method === 'setWebhook') return ok(/^[\w-]{1,256}$/.test(String(body['secret_token'])))
  if (body['chat_id'] === undefined) return refuse('chat not found')
  if (method === 'sendMessage') {
    const text = typeof body['text'] === 'string' ? body['text'] : ''
    if (text === '') return refuse('message text is empty')
    if (text.length > 4096) return refuse('message is too long')
    const rows = at(body, 'reply_markup', 'inline_keyboard')
    for (const key of Array.isArray(rows) ? (rows as unknown[]).flat() : []) {
      const bytes = Buffer.byteLength(String(at(key, 'callback_data')))
      if (bytes < 1 || bytes > 64) return refuse('BUTTON_DATA_INVALID')
    }
  }
  return ok({ message_id: 1 })
}

const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  access_token: TOKEN,
  verify: 'shop_bot',
  webhook_url: 'https://bot.test/webhooks/telegram/webhook',
  api_url: provider.url,
})

function post(served: ServedChannel, update: unknown, secret = SECRET): Promise<Answer> {
  return served.call('POST', '/webhooks/telegram/webhook', update, {
    'content-type': 'application/json',
    'x-telegram-bot-api-secret-token': secret,
  })
}

const message = (text: string, chat: unknown = 17): object => ({
  message_id: 1,
  date: 1,
  chat: { id: chat, type: 'private' },
  from: { id: chat, is_bot: false },
  text,
})
const sent = ({ requests }: FakeProvider): ProviderRequest[] =>
  requests.filter(({ path }) => !/getMe|setWebhook/.test(path))

testChannel(test, async t => {
  const provider = await fakeProvider(t, botApi)
  return {
    name: 'telegram',
    create: createTelegram,
    provider,
    settings: settingsOf(provider),
    limit: 4096,
    deliver: (served, { text, sender, id }) =>
      post(served, { update_id: id, message: message(text, sender) }),
    send: (served, bytes) => post(served, bytes),
    forge: served => post(served, { update_id: 1, message: message('x') }, 'another'),
    texts: () => sent(provider).map(({ body }) => String(body['text'])),
  }
})

async function opened(
  t: ExecutionContext,
  answer: BotMessage = { text: 'yes' },
  settings: Record<string, unknown> = {},
): Promise<{ served: ServedChannel; provider: FakeProvider }> {
  const provider = await fakeProvider(t, botApi)
  const served = await serveChannel(
    t,
    createTelegram,
    { ...settingsOf(provider), ...settings },
    { respond: (_message, say) => say(answer) },
  )
  return { served, provider }
}

test('security row 22: updates without the secret are a 403; the secret goes out with the webhook at start', async t => {
  const { served, provider } = await opened(t)
  t.like(provider.requests[0], {
    path: `/bot${TOKEN}/setWebhook`,
    body: { url: 'https://bot.test/webhooks/telegram/webhook', secret_token: SECRET },
  })
  t.is((await post(served, { update_id: 1, message: message('x') }, '')).status, 403)
  t.is(served.seen.length, 0)
  t.is((await served.call('GET', '/webhooks/telegram/set_webhook')).text, 'Webhook setup successful')
})

test('texts, edits, presses and places are heard; anything else is passed over', async t => {
  const { served } = await opened(t)
  const chat = { id: 17, type: 'private' }
  const updates = [
    { message: message('/bothello') },
    { edited_message: message('edited') },
    { callback_query: { id: '1', data: '/yes', message: { message_id: 1, date: 1, chat } } },
    { message: { message_id: 1, date: 1, chat, location: { longitude: 1.5, latitude: -2 } } },
    { message: { message_id: 1, date: 1, chat, sticker: {} } },
    { callback_query: { id: '1', data: '/no', inline_message_id: 'x' } },
    { channel_post: message('x') },
    { edited_message: { message_id: 1, date: 1, chat, caption: 'x' } },
  ]
  for (const [index, update] of updates.entries()) {
    const answer = await post(served, { update_id: index + 1, ...update })
    t.deepEqual([answer.status, answer.text], [200, 'success'])
  }
  t.deepEqual(
    served.seen.map(({ text, senderId }) => [text, senderId]),
    [
      ['hello', '17'],
      ['edited', '17'],
      ['/yes', '17'],
      ['{"lng":1.5, "lat":-2}', '17'],
    ],
  )
})

test('/restart also says /start, once each', async t => {
  const { served } = await opened(t)
  for (let n = 0; n < 2; n += 1) await post(served, { update_id: 5, message: message('/restart') })
  t.deepEqual(
    served.seen.map(({ text }) => text),
    ['/restart', '/start'],
  )
})

test('a token of another bot than verify names is not served', async t => {
  const { served } = await opened(t, undefined, { verify: 'other_bot' })
  t.is((await post(served, { update_id: 1, message: message('x') })).text, 'failed')
  t.is(served.seen.length, 0)
})

test('buttons become the keyboard that button_type names, or lines where Telegram would refuse them', async t => {
  const buttons = [
    { title: 'A', payload: '/a' },
    { title: 'B', payload: '/b' },
  ]
  const a = { text: 'A', callback_data: '/a' }
  const b = { text: 'B', callback_data: '/b' }
  const keyboards: [string | undefined, object][] = [
    [undefined, { inline_keyboard: [[a, b]] }],
    ['vertical', { inline_keyboard: [[a], [b]] }],
    [
      'reply',
      { keyboard: [[{ text: 'A' }], [{ text: 'B' }]], resize_keyboard: false, one_time_keyboard: true },
    ],
  ]
  for (const [type, markup] of keyboards) {
    const { served, provider } = await opened(t, {
      text: 'pick',
      buttons,
      ...(type === undefined ? {} : { button_type: type }),
    })
    await post(served, { update_id: 1, message: message('x') })
    t.deepEqual(sent(provider)[0]?.body, { chat_id: '17', text: 'pick', reply_markup: markup })
  }
  const { served, provider } = await opened(t, {
    text: 'pick',
    buttons: [{ title: 'Long', payload: 'x'.repeat(65) }],
  })
  await post(served, { update_id: 1, message: message('x') })
  t.deepEqual(
    sent(provider).map(({ body }) => body['text']),
    ['pick', `1: Long (${'x'.repeat(65)})`],
  )
})

test('a custom message goes by the method of its keys', async t => {
  const { served, provider } = await opened(t, {
    custom: { latitude: 1, longitude: 2, title: 'Here', address: 'There', disable_notification: true },
    image: 'https://x.test/i.png',
  })
  await post(served, { update_id: 1, message: message('x') })
  t.deepEqual(
    sent(provider).map(({ path, body }) => [path.split('/').at(-1), body]),
    [
      [
        'sendVenue',
        {
          ...{ chat_id: '17', latitude: 1, longitude: 2 },
          title: 'Here',
          address: 'There',
          disable_notification: true,
        },
      ],
      ['sendPhoto', { chat_id: '17', photo: 'https://x.test/i.png' }],
    ],
  )
})
