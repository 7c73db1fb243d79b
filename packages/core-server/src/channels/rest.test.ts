import test from 'ava'
import type { ExecutionContext } from 'ava'
import { Router } from '@koa/router'
import { CodedError } from '@tabula/protocol'
import type { BotMessage, UserMessage } from '@tabula/protocol'
import { recordingLog, serve } from '../../test/serve.ts'
import type { Call } from '../../test/serve.ts'
import { createApp } from '../http/create-app.ts'
import { createRest } from './rest.ts'

type Respond = (message: UserMessage, send: (answer: BotMessage) => Promise<void>) => Promise<void>

interface Fixture {
  readonly call: Call
  readonly seen: UserMessage[]
}

async function restWith(t: ExecutionContext, respond: Respond, eventChannel?: string): Promise<Fixture> {
  const seen: UserMessage[] = []
  const log = recordingLog()
  const channel = createRest(
    {},
    {
      log,
      origins: [],
      async handle(message, output) {
        seen.push(message)
        await respond(message, async answer => {
          await output.send(message.senderId, answer)
        })
      },
    },
    eventChannel,
  )
  const router = new Router()
  channel.mount(router)
  const app = createApp({ log, router }).callback()
  return { call: await serve(t, (request, response) => void app(request, response)), seen }
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
  const { call, seen } = await restWith(t, echo, 'cmdline')
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
