import { io } from 'socket.io-client'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { echoEngine, echoModel } from '../test/echo-engine.ts'
import { caller, recordingLog } from '../test/serve.ts'
import { composeAssistants } from './compose-assistants.ts'
import type { RunningServer, ServerOptions } from './config/server-options.ts'

const parts = () => ({ engine: echoEngine, log: recordingLog(), maxActions: 10 })
const CREDENTIALS = { rest: null, socketio: { session_persistence: true } }

async function started(t: ExecutionContext, options: ServerOptions): Promise<RunningServer> {
  const server = await composeAssistants(
    { port: 0, interface: '127.0.0.1', enableApi: true, credentials: CREDENTIALS, ...options },
    parts(),
  )
  t.teardown(() => server.stop())
  return server
}

const shopAndBank = { shop: { model: echoModel() }, bank: { model: echoModel(), authToken: 'bank-token' } }

test('assistants of one server are reached by path or header, and keep their conversations apart', async t => {
  const server = await started(t, { assistants: { each: shopAndBank, default: 'shop' } })
  const call = caller(server.urls.server)
  const say = (path: string, message: string) =>
    call('POST', `${path}/webhooks/rest/webhook`, { sender: 'ann', message })
  t.deepEqual((await say('/assistants/shop', 'one')).body, [{ recipient_id: 'ann', text: 'one' }])
  t.deepEqual((await say('', 'two')).body, [{ recipient_id: 'ann', text: 'two' }])
  t.deepEqual((await say('/assistants/bank', 'three')).body, [{ recipient_id: 'ann', text: 'three' }])
  const textsOf = async (path: string): Promise<readonly unknown[]> => {
    const { body } = await call('GET', path)
    const { events } = body as { events: { event: string; text?: string }[] }
    return events.filter(({ event }) => event === 'user').map(({ text }) => text)
  }
  t.deepEqual(await textsOf('/conversations/ann/tracker'), ['one', 'two'])
  t.deepEqual(await textsOf('/assistants/bank/conversations/ann/tracker?token=bank-token'), ['three'])
  const headed = await fetch(`${server.urls.server}/webhooks/rest/webhook`, {
    method: 'POST',
    headers: { 'x-assistant': 'bank', 'content-type': 'application/json' },
    body: JSON.stringify({ sender: 'ann', message: 'four' }),
  })
  t.is(headed.status, 200)
  t.deepEqual(await textsOf('/assistants/bank/conversations/ann/tracker?token=bank-token'), ['three', 'four'])
})

test('the token of one assistant opens no other, and none of them opens without its own', async t => {
  const each = { ...shopAndBank, shop: { model: echoModel(), authToken: 'shop-token' } }
  const call = caller((await started(t, { assistants: { each } })).urls.server)
  const path = '/assistants/bank/conversations/ann/tracker'
  t.is((await call('GET', path)).status, 401)
  t.is((await call('GET', `${path}?token=shop-token`)).status, 401)
  t.is((await call('GET', `${path}?token=bank-token`)).status, 200)
})

test('a name that is none, or none at all, is a 404 that says how to name one', async t => {
  const call = caller((await started(t, { assistants: { each: shopAndBank } })).urls.server)
  for (const path of ['/assistants/no/webhooks/rest/webhook', '/webhooks/rest/webhook', '/assistants/../x']) {
    const { status, body } = await call('POST', path, { sender: 'a', message: 'b' })
    t.is(status, 404)
    t.regex((body as { message: string }).message, /\/assistants\/NAME/)
  }
  t.is((await call('GET', '/livez')).status, 200)
  t.is((await call('GET', '/readyz')).status, 200)
  t.is((await call('GET', '/assistants/shop/readyz')).status, 200)
})

test('an assistant without a model makes the server unready, and the others answer', async t => {
  const each = { shop: { model: echoModel() }, empty: { model: '/there-is-no-such-folder' } }
  const call = caller((await started(t, { assistants: { each } })).urls.server)
  const { status, body } = await call('GET', '/readyz')
  t.is(status, 503)
  t.deepEqual(Object.keys((body as { reasons: object }).reasons), ['empty'])
  t.is(
    (await call('POST', '/assistants/shop/webhooks/rest/webhook', { sender: 'a', message: 'b' })).status,
    200,
  )
})

test('sockets find their assistant by path', async t => {
  const server = await started(t, { assistants: { each: shopAndBank } })
  for (const transports of [['websocket'], ['polling']]) {
    const socket = io(server.urls.server, {
      path: '/assistants/bank/socket.io',
      transports,
      reconnection: false,
    })
    t.teardown(() => socket.close())
    const answered = new Promise<unknown>((resolve, reject) => {
      socket.on('connect_error', reject)
      socket.on('bot_uttered', resolve)
      socket.on('session_confirm', (session: string) => {
        socket.emit('user_uttered', { message: 'hello', session_id: session })
      })
      socket.on('connect', () => socket.emit('session_request', {}))
    })
    t.is(((await answered) as { text?: string }).text, 'hello')
  }
  const lost = io(server.urls.server, {
    path: '/assistants/no/socket.io',
    transports: ['websocket'],
    reconnection: false,
  })
  t.teardown(() => lost.close())
  await t.notThrowsAsync(
    new Promise<void>(resolve =>
      lost.on('connect_error', () => {
        resolve()
      }),
    ),
  )
})

test('assistants whose conversations would mix, and names that cannot be, are refused before anything starts', async t => {
  const compose = (assistants: NonNullable<ServerOptions['assistants']>) =>
    composeAssistants({ port: 0, interface: '127.0.0.1', assistants }, parts())
  const tracker_store = { type: 'sql', db: 'same.db' }
  const same = { model: echoModel(), endpoints: { tracker_store } }
  await t.throwsAsync(compose({ each: { a: same, b: same } }), {
    message: /'a' and 'b'.*same place.*key_prefix/,
  })
  await t.throwsAsync(compose({ each: { 'A b': same } }), { message: /'A b' cannot name/ })
  await t.throwsAsync(compose({ each: {} }), { message: /no assistant/ })
  await t.throwsAsync(compose({ each: { a: { model: echoModel() } }, default: 'b' }), {
    message: /'b' is none of a/,
  })
})

test('what is odd in the endpoints of an assistant is told once', async t => {
  const log = recordingLog()
  const odd = { model: echoModel(), endpoints: { tracker_store: { type: 'carrier-pigeon' } } }
  const server = await composeAssistants(
    { port: 0, interface: '127.0.0.1', assistants: { each: { shop: odd } } },
    { ...parts(), log },
  )
  t.teardown(() => server.stop())
  const told = log.entries.filter(entry => JSON.stringify(entry).includes('carrier-pigeon'))
  t.is(told.length, 1)
})
