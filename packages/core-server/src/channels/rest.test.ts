import test from 'ava'
import type { ExecutionContext } from 'ava'
import { SignJWT } from 'jose'
import { CodedError } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { Respond, ServedChannel } from '../../test/channel-host.ts'
import { createRest } from './rest.ts'

async function restWith(
  t: ExecutionContext,
  respond: Respond,
  { channel, settings = {} }: { channel?: string; settings?: Record<string, unknown> } = {},
): Promise<ServedChannel> {
  return serveChannel(t, (given, host) => createRest(given, host, channel), settings, { respond })
}

const echo: Respond = async (message, send) => {
  await send({ text: message.text })
}
const WEBHOOK = '/webhooks/rest/webhook'

test('a message is answered with the list of what the bot said', async t => {
  const { call } = await restWith(t, async (_, send) => {
    await send({ text: 'one\n\ntwo\n\n\nthree' })
    await send({ text: 'pick\n\none', buttons: [{ title: 'A', payload: '/a' }], image: 'http://x/i.png' })
    await send({ text: 'quick', quick_replies: [{ title: 'Q' }], buttons: [{ title: 'B' }] })
    await send({ text: '', custom: { k: 1 }, attachment: { url: 'u' } })
    await send({ text: null, elements: [{ title: 'T', subtitle: 'S' }], custom: {} })
  })
  const answer = await call('POST', WEBHOOK, { sender: 'ann', message: 'hi' })
  const said = (rest: object): object => ({ recipient_id: 'ann', ...rest })
  t.is(answer.headers.get('content-type'), 'application/json')
  t.deepEqual(answer.body, [
    said({ text: 'one' }),
    said({ text: 'two' }),
    said({ text: '\nthree' }),
    said({ text: 'pick\n\none', buttons: [{ title: 'A', payload: '/a' }] }),
    said({ image: 'http://x/i.png' }),
    said({ text: 'quick', buttons: [{ title: 'Q' }] }),
    said({ custom: { k: 1 } }),
    said({ attachment: { url: 'u' } }),
    said({ text: 'T : S', buttons: [] }),
  ])
})

test('sender, channel, metadata and trimmed text reach the bot as Rasa hands them on', async t => {
  const { call, seen } = await restWith(t, echo)
  await call('POST', WEBHOOK, { message: ' hi\n' })
  await call('POST', WEBHOOK, { sender: 7, message: 'hi', metadata: { k: 1 }, input_channel: 'web' })
  await call('POST', `${WEBHOOK}/`, { sender: '', message: '' }, {})
  t.deepEqual(seen, [
    { text: 'hi', senderId: 'default', inputChannel: 'rest' },
    { text: 'hi', senderId: '7', inputChannel: 'web', metadata: { k: 1 } },
    { text: '', senderId: 'default', inputChannel: 'rest' },
  ])
})

test('without credentials the same webhook serves as cmdline', async t => {
  const { call, seen } = await restWith(t, echo, { channel: 'cmdline' })
  await call('POST', WEBHOOK, { message: 'hi' })
  t.is(seen[0]?.inputChannel, 'cmdline')
})

test('a stream gives each answer as a line as soon as it is said', async t => {
  const { call } = await restWith(t, async (_, send) => {
    await send({ text: 'one' })
    await new Promise(resolve => setTimeout(resolve, 10))
    await send({ text: 'two' })
  })
  const answer = await call('POST', `${WEBHOOK}?stream=True`, { sender: 'a', message: 'hi' })
  t.is(answer.headers.get('content-type'), 'text/event-stream')
  t.is(answer.text, '{"recipient_id":"a","text":"one"}\n{"recipient_id":"a","text":"two"}\n')
})

test('a turn that fails still gives what was said until then', async t => {
  const { call } = await restWith(t, async (_, send) => {
    await send({ text: 'so far' })
    throw new Error('broken')
  })
  const answer = await call('POST', WEBHOOK, { sender: 'a', message: 'hi' })
  t.is(answer.status, 200)
  t.deepEqual(answer.body, [{ recipient_id: 'a', text: 'so far' }])
})

test('every answer carries an id that the log knows, the caller’s own where it has one', async t => {
  const { call } = await restWith(t, echo)
  const own = await call('POST', WEBHOOK, { message: 'hi' }, { 'x-request-id': 'trace-1' })
  t.is(own.headers.get('x-request-id'), 'trace-1')
  const odd = await call('POST', WEBHOOK, { message: 'hi' }, { 'x-request-id': 'a b"c' })
  t.regex(odd.headers.get('x-request-id') ?? '', /^[0-9a-f]{8}-1$/)
})

test('a sender who floods is told when to come back', async t => {
  const { call } = await restWith(t, async () => {
    throw new CodedError('inbox.full', 'Too many.', { status: 429, details: { retryAfter: 2 } })
  })
  const answer = await call('POST', WEBHOOK, { sender: 'a', message: 'hi' })
  t.is(answer.status, 429)
  t.is(answer.headers.get('retry-after'), '2')
  t.like(answer.body, { status: 'failure', code: 429 })
})

test('what is no message is an empty answer or a clear 4xx, never a 5xx', async t => {
  const { call, seen } = await restWith(t, echo)
  for (const message of [null, 7, true, {}, ['x']]) {
    t.deepEqual((await call('POST', WEBHOOK, { sender: 'a', message })).body, [])
  }
  const bad = {
    version: '3.6.21',
    status: 'failure',
    reason: 'BadRequest',
    code: 400,
    help: null,
    details: {},
  }
  for (const body of ['{', '[]', '7', '', '"x"']) {
    const answer = await call('POST', WEBHOOK, body)
    t.is(answer.status, 400)
    t.like(answer.body, bad)
  }
  t.is((await call('POST', WEBHOOK, { message: 'x'.repeat(70_000) })).status, 413)
  t.is((await call('POST', WEBHOOK, { message: 'x'.repeat(1_000_001) })).status, 413)
  t.is((await call('POST', WEBHOOK, { message: 'x', sender: 'x'.repeat(256) })).status, 400)
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  t.is((await call('POST', WEBHOOK, `{"message":"x","metadata":{"a":${deep}}}`)).status, 400)
  t.is(seen.length, 0)
})

test('health, unknown routes and wrong methods answer in Rasa’s words', async t => {
  const { call } = await restWith(t, echo)
  t.deepEqual((await call('GET', '/webhooks/rest/')).body, { status: 'ok' })
  t.deepEqual((await call('GET', '/webhooks/rest')).body, { status: 'ok' })
  const unknown = await call('POST', '/webhooks/none/webhook', {})
  t.like(unknown.body, {
    code: 404,
    reason: 'NotFound',
    message: 'Requested URL /webhooks/none/webhook not found',
  })
  const method = await call('GET', WEBHOOK)
  t.like(method.body, { code: 405, message: `Method GET not allowed for URL ${WEBHOOK}` })
  t.is((await call('HEAD', '/webhooks/rest/')).status, 405)
})

test('a client that repeats a message under its id gets the same answer, and the bot hears it once', async t => {
  let count = 0
  const { call, seen } = await restWith(t, async (message, send) => {
    count += 1
    await send({ text: `${message.text ?? ''} ${count}` })
    if (message.text === 'broken' && count < 4) throw new Error('broken')
  })
  const say = (message: string, key: string): ReturnType<typeof call> =>
    call('POST', WEBHOOK, { sender: 'a', message }, { 'idempotency-key': key })
  const answers = await Promise.all([say('hi', 'k1'), say('hi', 'k1'), say('hi', 'k1')])
  answers.push(await say('hi', 'k1'))
  for (const { body } of answers) t.deepEqual(body, [{ recipient_id: 'a', text: 'hi 1' }])
  t.is((await say('other', 'k1')).status, 422)
  const byBody = { sender: 'a', message: 'hi', message_id: 'k1' }
  t.deepEqual((await call('POST', WEBHOOK, byBody)).body, [{ recipient_id: 'a', text: 'hi 1' }])
  t.is(seen.length, 1)
  // A turn that failed is tried again.
  t.deepEqual((await say('broken', 'k2')).body, [{ recipient_id: 'a', text: 'broken 2' }])
  t.deepEqual((await say('broken', 'k2')).body, [{ recipient_id: 'a', text: 'broken 3' }])
  t.is(seen.length, 3)
})

test('security row 17: the open webhook is warned of; closed, it asks for its token, and binds a user to their own messages', async t => {
  const open = await restWith(t, echo)
  t.like(open.log.entries[0], { level: 'warn', code: 'channel.open' })
  const key = 'a secret of more than thirty-two bytes'
  const { call, seen, log } = await restWith(t, echo, { settings: { webhook_token: 'tök', jwt_key: key } })
  t.is(log.entries.length, 0)
  const say = async (headers: HeadersInit, sender?: string, query = ''): Promise<number> =>
    (await call('POST', WEBHOOK + query, { sender, message: 'hi' }, headers)).status
  const jwt = async (claims: Record<string, unknown>, secret = key): Promise<HeadersInit> => {
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret))
    return { authorization: `Bearer ${token}` }
  }
  t.is(await say({}, 'ann'), 401)
  t.is(await say({ 'x-webhook-token': 'wrong' }, 'ann'), 401)
  t.is(await say({}, 'ann', '?token=t%C3%B6k'), 200)
  t.is(await say(await jwt({ user: { username: 'ann', role: 'user' } }), 'ann'), 200)
  t.is(await say(await jwt({ user: { username: 'ann', role: 'user' } })), 200)
  t.is(await say(await jwt({ sub: 'sue' })), 200)
  t.is(await say(await jwt({ user: { username: 'root', role: 'admin' } }), 'bob'), 200)
  t.is(await say(await jwt({ user: { username: 'ann', role: 'user' } }), 'bob'), 403)
  t.is(await say(await jwt({}), 'bob'), 401)
  t.is(
    await say(await jwt({ user: { username: 'ann' } }, 'not the secret of this webhook at all'), 'ann'),
    401,
  )
  t.deepEqual(
    seen.map(message => message.senderId),
    ['ann', 'ann', 'ann', 'sue', 'bob'],
  )
})

test('security row 18: messages without a sender share one conversation, with a word of warning, or are refused', async t => {
  const { call, log } = await restWith(t, echo)
  for (let n = 0; n < 3; n += 1) await call('POST', WEBHOOK, { message: 'hi' })
  t.deepEqual(
    log.entries.map(({ code }) => code),
    ['channel.open', 'rest.no-sender'],
  )
  const strict = await restWith(t, echo, { settings: { require_sender: true } })
  const refused = await strict.call('POST', WEBHOOK, { message: 'hi' })
  t.is(refused.status, 400)
  t.like(refused.body, { details: { parameter: 'sender', in: 'body' } })
  t.is((await strict.call('POST', WEBHOOK, { sender: 'a', message: 'hi' })).status, 200)
})
