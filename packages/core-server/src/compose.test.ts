import test from 'ava'
import type { ExecutionContext } from 'ava'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ActionRunner } from '@tabula/protocol'
import { echoEngine, echoModel, slowActions } from '../test/echo-engine.ts'
import { caller, recordingLog } from '../test/serve.ts'
import type { Call } from '../test/serve.ts'
import { until } from '../test/until.ts'
import { compose } from './compose.ts'
import type { RunningServer, ServerOptions } from './config/server-options.ts'

interface Fixture {
  readonly call: Call
  readonly server: RunningServer
}

async function started(t: ExecutionContext, options: ServerOptions = {}): Promise<Fixture> {
  const server = await compose(
    {
      model: echoModel(),
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      credentials: { rest: null },
      actionRunner: slowActions,
      ...options,
    },
    { engine: echoEngine, log: recordingLog(), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  return { server, call: caller(server.urls.server) }
}

const say = (call: Call, sender: string, message: string): ReturnType<Call> =>
  call('POST', '/webhooks/rest/webhook', { sender, message })

test('each sender’s messages are answered in order, however long the turns take', async t => {
  const { call } = await started(t)
  const waits = [30, 0, 20, 5, 0, 10]
  const answers = waits.map((wait, index) => say(call, 'ann', `/slow ${wait} ${index}`))
  const other = await say(call, 'ben', 'hi')
  t.deepEqual(other.body, [{ recipient_id: 'ben', text: 'hi' }])
  await Promise.all(answers)
  const { body } = await call('GET', '/conversations/ann/tracker')
  const { events } = body as { events: { event: string; text?: string }[] }
  const texts = events.filter(event => event.event === 'user').map(event => event.text)
  t.is(texts.length, 6)
  t.deepEqual(texts.toSorted(), waits.map((wait, index) => `/slow ${wait} ${index}`).toSorted())
  const shapes = events.map(event => event.event)
  t.deepEqual(shapes, ['session_started', ...waits.flatMap(() => ['user', 'bot'])])
})

test('a turn that breaks leaves the conversation as it was', async t => {
  const { call } = await started(t)
  await say(call, 'ann', 'one')
  t.deepEqual((await say(call, 'ann', '/fail')).body, [{ recipient_id: 'ann', text: 'before it failed' }])
  t.deepEqual((await say(call, 'ann', 'broken')).body, [])
  await say(call, 'ann', 'two')
  const { body } = await call('GET', '/conversations/ann/tracker')
  const texts = (body as { events: { text?: string }[] }).events.map(event => event.text)
  t.deepEqual(texts, [undefined, 'one', 'one', 'two', 'two'])
})

test('without --enable-api only channels, the greeting and health are there', async t => {
  const { call } = await started(t, { enableApi: false })
  t.is((await call('GET', '/')).text, 'Hello from Rasa: 3.6.21')
  t.is((await call('GET', '/readyz')).status, 200)
  t.is((await call('GET', '/webhooks/rest/')).status, 200)
  for (const path of ['/version', '/status', '/domain', '/conversations/a/tracker']) {
    t.is((await call('GET', path)).status, 404, path)
  }
})

test('with a token set every API route asks for it, and nothing else does', async t => {
  const { call } = await started(t, { authToken: 'sécret' })
  const routes: [string, string][] = [
    ['GET', '/status'],
    ['GET', '/domain'],
    ['POST', '/model/parse'],
    ['POST', '/model/predict'],
    ['PUT', '/model'],
    ['DELETE', '/model'],
    ['GET', '/conversations/a/tracker'],
    ['POST', '/conversations/a/tracker/events'],
    ['PUT', '/conversations/a/tracker/events'],
    ['GET', '/conversations/a/story'],
    ['POST', '/conversations/a/execute'],
    ['POST', '/conversations/a/trigger_intent'],
    ['POST', '/conversations/a/predict'],
    ['POST', '/conversations/a/messages'],
  ]
  for (const [method, path] of routes) {
    for (const query of ['', '?token=', '?token=wrong', '?Token=s%C3%A9cret']) {
      const answer = await call(method, path + query)
      t.is(answer.status, 401, `${method} ${path}${query}`)
      t.like(answer.body, { reason: 'NotAuthenticated', code: 401 })
    }
  }
  t.is((await call('GET', '/status?token=s%C3%A9cret')).status, 200)
  for (const path of ['/', '/version', '/livez', '/webhooks/rest'])
    t.is((await call('GET', path)).status, 200)
  t.is((await call('GET', '/nothing')).status, 404)
})

test('without a model the API says so, the webhook is empty, and readiness is off', async t => {
  const { call } = await started(t)
  t.is((await call('DELETE', '/model')).status, 204)
  for (const path of ['/status', '/domain', '/conversations/a/tracker', '/conversations/a/story']) {
    const answer = await call('GET', path)
    t.is(answer.status, 409, path)
    t.like(answer.body, { reason: 'Conflict' })
  }
  t.is((await call('POST', '/model/parse', { text: 'x' })).status, 409)
  t.deepEqual((await say(call, 'ann', 'hi')).body, [])
  t.is((await call('GET', '/readyz')).status, 503)
  t.is((await call('GET', '/livez')).status, 200)
})

test('a conversation’s id is the path as it stands: slashes stay, nothing is decoded', async t => {
  const { call } = await started(t)
  await say(call, 'a/b', 'slash')
  await say(call, 'a%2Fb', 'percent')
  const shown = async (path: string): Promise<unknown> => {
    const { body } = await call('GET', `/conversations/${path}/tracker`)
    const { sender_id, events } = body as { sender_id: string; events: { text?: string }[] }
    return [sender_id, events.at(-1)?.text]
  }
  t.deepEqual(await shown('a/b'), ['a/b', 'slash'])
  t.deepEqual(await shown('a%2Fb'), ['a%2Fb', 'percent'])
  t.deepEqual(await shown('a/tracker/events'), ['a/tracker/events', undefined])
})

test('a new conversation shows a started session that is not kept, and is known from then on', async t => {
  const { call } = await started(t)
  t.is((await call('GET', '/conversations/new/story')).status, 404)
  t.like((await call('POST', '/conversations/new/predict')).body, { reason: 'Not found', code: 404 })
  const { body } = await call('GET', '/conversations/new/tracker/')
  t.is((body as { events: unknown[] }).events.length, 1)
  t.is((await call('GET', '/conversations/new/story')).text, 'stories of new')
  t.like((await call('GET', '/conversations/new/tracker?include_events=none')).body, { events: null })
  t.like((await call('GET', '/conversations/new/tracker?include_events=WRONG')).body, {
    reason: 'BadRequest',
    details: { parameter: 'include_events', in: 'query' },
  })
})

test('events, messages, intents and actions by hand', async t => {
  const { call } = await started(t)
  const at = '/conversations/ann'
  t.like((await call('POST', `${at}/messages`, { text: ' hi ', sender: 'user' })).body, { sender_id: 'ann' })
  t.like((await call('POST', `${at}/trigger_intent`, { name: 'greet' })).body, {
    messages: [{ recipient_id: 'ann', text: 'greet' }],
  })
  const executed = await call('POST', `${at}/execute`, { name: 'utter_echo' })
  const { tracker, messages } = executed.body as { tracker: { events: unknown[] }; messages: unknown[] }
  t.is(tracker.events.length, 4)
  t.deepEqual(messages, [{ recipient_id: 'ann', text: 'utter_echo' }])
  t.like((await call('POST', `${at}/predict`)).body, {
    scores: [
      { action: 'utter_echo', score: 1 },
      { action: 'action_listen', score: 0 },
    ],
    policy: 'Echo',
  })
  await call('POST', `${at}/tracker/events`, [{ event: 'restart' }, { event: 'pause', timestamp: 5 }])
  const { body } = await call('GET', `${at}/tracker?include_events=ALL`)
  t.is((body as { events: unknown[] }).events.length, 7)
  const replaced = await call('PUT', `${at}/tracker/events`, [{ event: 'pause', timestamp: 5 }])
  t.deepEqual((replaced.body as { events: unknown[] }).events, [{ event: 'pause', timestamp: 5 }])
  await say(call, 'ann', 'after')
  t.is(((await call('GET', `${at}/tracker`)).body as { events: unknown[] }).events.length, 3)
})

test('bad input is a 4xx with Rasa’s body and reason on every route', async t => {
  const { call } = await started(t)
  const at = '/conversations/ann'
  await say(call, 'ann', 'hi')
  const cases: [string, string, unknown, number, string][] = [
    ['POST', `${at}/tracker/events`, [], 400, 'BadRequest'],
    ['POST', `${at}/tracker/events`, { event: 'nonsense' }, 400, 'BadRequest'],
    ['POST', `${at}/tracker/events`, '', 400, 'BadRequest'],
    ['PUT', `${at}/tracker/events`, { event: 'pause' }, 400, 'BadRequest'],
    ['POST', `${at}/execute`, {}, 400, 'BadRequest'],
    ['POST', `${at}/execute`, '', 400, 'BadRequest'],
    ['POST', `${at}/execute`, { name: 'no_such' }, 400, 'ConversationError'],
    ['POST', `${at}/trigger_intent`, {}, 400, 'BadRequest'],
    ['POST', `${at}/trigger_intent`, { name: 'no_such' }, 404, 'NotFound'],
    ['POST', `${at}/messages`, { text: 'x', sender: 'bot' }, 400, 'BadRequest'],
    ['POST', `${at}/messages`, { sender: 'user' }, 400, 'BadRequest'],
    ['POST', `${at}/messages`, '', 400, 'BadRequest'],
    ['POST', '/model/parse', '', 400, 'BadRequest'],
    ['POST', '/model/parse', '{', 400, 'ParsingError'],
    ['POST', '/model/parse', {}, 400, 'ParsingError'],
    ['POST', '/model/parse?emulation_mode=NOPE', { text: 'x' }, 400, 'BadRequest'],
    ['POST', '/model/parse', { text: 'broken' }, 500, 'ParsingError'],
    ['POST', '/model/predict', { event: 'nonsense' }, 400, 'BadRequest'],
    ['PUT', '/model', '', 400, 'BadRequest'],
    ['PUT', '/model', {}, 400, 'BadRequest'],
    ['PUT', '/model', { model_file: 'no/such.tar.gz' }, 400, 'BadRequest'],
    ['PUT', '/model', { model_file: '../../../etc/passwd' }, 400, 'BadRequest'],
    ['POST', '/version', {}, 405, 'MethodNotAllowed'],
    ['POST', '/nothing', {}, 404, 'NotFound'],
  ]
  for (const [method, path, body, status, reason] of cases) {
    const answer = await call(method, path, body)
    const label = `${method} ${path} ${JSON.stringify(body)}`
    t.is(answer.status, status, label)
    t.like(answer.body, { version: '3.6.21', status: 'failure', reason, code: status }, label)
    t.is(answer.headers.get('content-type'), 'application/json', label)
  }
  // A 405 says what would be right.
  t.is((await call('POST', '/version', {})).headers.get('allow'), 'GET')
  t.is((await call('GET', `${at}/tracker/events`)).headers.get('allow'), 'POST, PUT')
  t.is((await call('HEAD', '/model')).headers.get('allow'), 'PUT, DELETE')
  // Paths are case-sensitive, and a parameter without a value is none.
  t.is((await call('GET', '/Version')).status, 404)
  t.is((await call('GET', `${at}/tracker?include_events=&until=`)).status, 200)
})

test('the domain is given in the form that is asked for', async t => {
  const { call } = await started(t)
  const asked = async (accept: string): ReturnType<Call> => call('GET', '/domain', undefined, { accept })
  t.deepEqual((await asked('application/json')).body, { version: '3.1', intents: ['greet'] })
  t.is((await asked('*/*')).status, 200)
  const yaml = await asked('application/x-yaml')
  t.is(yaml.headers.get('content-type'), 'application/x-yaml')
  t.regex(yaml.text, /^version: ["']3.1["']\nintents:\n/)
  t.like((await asked('text/html')).body, { reason: 'NotAcceptable', code: 406 })
})

test('a taken port is named together with what changes it, and nothing stays open', async t => {
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  t.teardown(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const error = await t.throwsAsync(started(t, { port }), { code: 'server.port-taken' })
  t.regex(error.message, new RegExp(`Port ${port} .*--port`))
  const shopError = await t.throwsAsync(started(t, { shop: { port } }), { code: 'server.port-taken' })
  t.regex(shopError.message, /shop/)
})

test('stopping lets the turn under way answer, twice over is the same, and SQLite has it all', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-server-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const endpoints = { tracker_store: { type: 'SQL', dialect: 'sqlite', db: join(folder, 'tracker.db') } }
  let begin = (): void => undefined
  const begun = new Promise<void>(resolve => (begin = resolve))
  const actionRunner: ActionRunner = {
    run(call) {
      begin()
      return slowActions.run(call)
    },
  }
  const first = await started(t, { endpoints, actionRunner })
  await say(first.call, 'ann', 'hi')
  const slow = say(first.call, 'ann', '/slow 200')
  await begun
  const stopping = first.server.stop()
  t.is(first.server.stop(), stopping)
  t.deepEqual((await slow).body, [{ recipient_id: 'ann', text: '/slow 200' }])
  await stopping
  await t.throwsAsync(say(first.call, 'ann', 'gone'))

  const second = await started(t, { endpoints })
  await say(second.call, 'ann', 'again')
  const { body } = await second.call('GET', '/conversations/ann/tracker')
  t.is((body as { events: unknown[] }).events.length, 7)
})

test('the shop’s port answers beside the API’s', async t => {
  const { server } = await started(t, { shop: { port: 0 } })
  const shop = caller(server.urls.shop ?? '')
  const answer = await shop('POST', '/conversations/webhook', { sender: 'Samuel', message: 'hi' })
  t.deepEqual(answer.body, [{ recipient_id: 'Samuel', text: 'hi' }])
})

test('channels and connectors that are not there are named with those that are', async t => {
  await t.throwsAsync(started(t, { credentials: { restt: {} } }), {
    code: 'credentials.unknown-channel',
    message: /rest, callback, socketio/,
  })
  await t.throwsAsync(started(t, { connector: 'constructor' }), { code: 'credentials.unknown-channel' })
  const { call } = await started(t, { credentials: {}, connector: 'callback', enableApi: false }).catch(
    (error: unknown) => {
      t.regex(String(error), /url/)
      return started(t, { credentials: { rasa: { url: 'x' }, 'rasa.core.channels.rest.RestInput': null } })
    },
  )
  t.is((await call('GET', '/webhooks/rest/')).status, 200)
})

test('callback posts each answer to its url', async t => {
  const { createServer: createHttp } = await import('node:http')
  const posted: unknown[] = []
  const target = createHttp((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      posted.push(JSON.parse(body))
      response.end()
    })
  })
  await new Promise<void>(resolve => target.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    target.closeAllConnections()
    target.close()
  })
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/bot`
  const { call } = await started(t, { credentials: { callback: { url } } })
  const answer = await call('POST', '/webhooks/callback/webhook', { sender: 'ann', message: '/parts' })
  t.is(answer.text, 'success')
  await until(() => posted.length > 1)
  t.deepEqual(posted, [
    { recipient_id: 'ann', text: '/parts' },
    { recipient_id: 'ann', text: 'and more' },
  ])
  await call('POST', '/webhooks/callback/webhook', { sender: 'ann', message: '/remind' })
  await until(() => posted.length > 3)
  t.deepEqual(posted.at(-1), { recipient_id: 'ann', text: 'reminded of greet' })
})
