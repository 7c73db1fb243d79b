// A real server and a plain client. The bodies are those that rasa-sdk 3.6.2 answers with.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { request } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { actionCall } from '../../test/action-call.ts'
import { serve as serveActions } from '../../test/serve-actions.ts'
import { ActionExecutionRejection, defineAction } from '../action.ts'
import { slotSet } from '../events.ts'
import type { ActionServerOptions } from './start-action-server.ts'
import { startActionServer } from './start-action-server.ts'

const handlers = [
  defineAction({
    name: 'action_greet',
    run(dispatcher, tracker) {
      dispatcher.utterMessage({ text: `Hello ${tracker.senderId}` })
      return [slotSet('greeted', true)]
    },
  }),
  defineAction({
    name: 'action_no',
    run() {
      throw new ActionExecutionRejection('action_no')
    },
  }),
  defineAction({
    name: 'action_broken',
    run() {
      throw new Error('The shop is closed.')
    },
  }),
]

const serve = (t: ExecutionContext, options: Partial<ActionServerOptions> = {}) =>
  serveActions(t, { handlers, ...options })

test('an action runs and its events and messages come back', async t => {
  const { post } = await serve(t)
  const { status, body, headers } = await post(actionCall('action_greet'))
  t.is(status, 200)
  t.regex(headers.get('content-type') ?? '', /^application\/json/)
  t.deepEqual(body, {
    events: [{ event: 'slot', timestamp: null, name: 'greeted', value: true }],
    responses: [
      {
        text: 'Hello ann',
        buttons: [],
        elements: [],
        custom: {},
        template: null,
        response: null,
        image: null,
        attachment: null,
      },
    ],
  })
})

test('a rejection, an unknown action and a failure have rasa-sdk’s statuses and bodies', async t => {
  const { post, log } = await serve(t)
  const rejected = await post(actionCall('action_no'))
  t.is(rejected.status, 400)
  t.deepEqual(rejected.body, {
    error: "Custom action 'action_no' rejected execution.",
    action_name: 'action_no',
  })
  const unknown = await post(actionCall('action_missing'))
  t.is(unknown.status, 404)
  t.deepEqual(unknown.body, {
    error: "No registered action found for name 'action_missing'.",
    action_name: 'action_missing',
  })
  const call = actionCall('action_broken')
  const failed = await post(call)
  t.is(failed.status, 500)
  t.deepEqual(failed.body, { error: 'The shop is closed.', request_body: call })
  const logged = log.entries.find(entry => entry.code === 'actions.failed')
  t.is(logged?.action, 'action_broken')
  t.regex(String((logged?.err as Error).stack), /start-action-server\.test\.ts/)
})

test('a body without an action, or none at all, is answered as rasa-sdk does', async t => {
  const { post } = await serve(t)
  t.like(await post({ next_action: null }), { status: 200, body: null })
  for (const empty of ['', 'null']) {
    t.like(await post(empty), { status: 400, body: { error: 'Invalid body request' } })
  }
})

test('a body that is no JSON or no call is the caller’s fault, and says so', async t => {
  const { post, log } = await serve(t)
  const broken = await post('{"next_action": ')
  t.is(broken.status, 400)
  t.regex(JSON.stringify(broken.body), /The body is no JSON/)
  const list = await post([])
  t.is(list.status, 400)
  t.regex(JSON.stringify(list.body), /found a list, expected an object/)
  t.deepEqual(log.entries, [])
})

test('packed bodies are read, also when they are sent as rasa sends them', async t => {
  const { post } = await serve(t)
  const text = JSON.stringify(actionCall('action_greet'))
  const packings = { deflate: deflateSync(text), gzip: gzipSync(text), br: brotliCompressSync(text) }
  for (const [encoding, packed] of Object.entries(packings)) {
    t.is((await post(new Blob([packed]), { 'content-encoding': encoding })).status, 200, encoding)
  }
  t.is((await post('{}', { 'content-encoding': 'zip' })).status, 415)
  t.is((await post('{}', { 'content-encoding': 'gzip' })).status, 400)
})

test('a body larger than the limit is refused, packed or not', async t => {
  const { post } = await serve(t, { bodyLimit: 2_000 })
  const large = JSON.stringify({ ...actionCall('action_greet'), padding: 'x'.repeat(5_000) })
  t.is((await post(large)).status, 413)
  t.is((await post(new Blob([gzipSync(large)]), { 'content-encoding': 'gzip' })).status, 413)
})

test('actions and health are listed; unknown paths and methods have errors of their own', async t => {
  const { send } = await serve(t)
  t.deepEqual((await send('/actions')).body, [
    { name: 'action_greet' },
    { name: 'action_no' },
    { name: 'action_broken' },
  ])
  t.deepEqual((await send('/health')).body, { status: 'ok' })
  t.like(await send('/toString'), {
    status: 404,
    body: { error: 'Requested URL /toString not found', request_body: null },
  })
  t.like(await send('/webhook'), {
    status: 405,
    body: { error: 'Method GET not allowed for URL /webhook', request_body: null },
  })
})

test('pages of other origins may call only where that is set', async t => {
  const closed = await serve(t)
  const origin = 'https://shop.example'
  const asked = await closed.send('/actions', { headers: { origin } })
  t.is(asked.headers.get('access-control-allow-origin'), null)
  const open = await serve(t, { cors: [origin] })
  const preflight = await open.send('/webhook', {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  })
  t.is(preflight.status, 204)
  t.is(preflight.headers.get('access-control-allow-origin'), origin)
})

test('a port that is taken is told with the setting that gives another', async t => {
  const { url } = await serve(t)
  const port = Number(new URL(url).port)
  await t.throwsAsync(startActionServer({ handlers, port, host: '127.0.0.1', portSetting: '--port' }), {
    message: `Port ${port} is taken by another program. Stop that program, or choose another port with --port.`,
  })
})

test('stopping lets an action that runs answer, and a second stop waits for the same end', async t => {
  const started = Promise.withResolvers<undefined>()
  const finish = Promise.withResolvers<undefined>()
  const slow = defineAction({
    name: 'action_slow',
    async run() {
      started.resolve(undefined)
      await finish.promise
      return []
    },
  })
  const { post, server } = await serve(t, { handlers: [slow] })
  const answer = post(actionCall('action_slow'))
  await started.promise
  const stopped = [server.stop(), server.stop()]
  finish.resolve(undefined)
  t.is((await answer).status, 200)
  await Promise.all(stopped)
  await t.throwsAsync(post(actionCall('action_slow')))
})

test('a caller that hangs up in the middle of its body harms nobody and counts as no fault of the server', async t => {
  const { url, send, log } = await serve(t)
  await new Promise<void>(resolve => {
    const cut = request(`${url}/webhook`, { method: 'POST', headers: { 'content-length': '100' } })
    cut.on('error', () => {
      resolve()
    })
    cut.write('{"next', () => cut.destroy(new Error('gone')))
  })
  t.is((await send('/health')).status, 200)
  t.deepEqual(log.entries, [])
})

test('certificate files that cannot be read are named', async t => {
  const ssl = { certificate: 'no/such.pem', keyfile: 'no/such.key' }
  await t.throwsAsync(startActionServer({ handlers, port: 0, ssl }), {
    message: /no\/such\.(pem|key) cannot be read/,
  })
})
