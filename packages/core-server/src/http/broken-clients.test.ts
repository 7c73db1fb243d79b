// What hostile or broken clients send, against the whole server: it answers 4xx or closes, keeps its memory, and serves on.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import fc from 'fast-check'
import { io } from 'socket.io-client'
import { echoEngine, echoModel, slowActions } from '../../test/echo-engine.ts'
import { caller, recordingLog } from '../../test/serve.ts'
import type { Call } from '../../test/serve.ts'
import { compose } from '../compose.ts'
import type { ServerOptions } from '../config/server-options.ts'
import { OPEN_ROUTES } from './auth.ts'

interface Fixture {
  readonly call: Call
  readonly url: string
  /** Says something that must be answered. */
  readonly isServed: () => Promise<boolean>
}

async function started(t: ExecutionContext, options: ServerOptions = {}): Promise<Fixture> {
  const server = await compose(
    {
      model: echoModel(),
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      credentials: { rest: null, socketio: null },
      actionRunner: slowActions,
      ...options,
    },
    { engine: echoEngine, log: recordingLog(), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  const url = server.urls.server
  const call = caller(url)
  return {
    call,
    url,
    async isServed() {
      const { text } = await call('POST', '/webhooks/rest/webhook', { sender: 'ok', message: 'hi' })
      return text === '[{"recipient_id":"ok","text":"hi"}]'
    },
  }
}

/** Routes that take a body. */
const WITH_BODY: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/webhooks/rest/webhook'],
  ['POST', '/conversations/ann/messages'],
  ['POST', '/conversations/ann/tracker/events'],
  ['PUT', '/conversations/ann/tracker/events'],
  ['POST', '/conversations/ann/execute'],
  ['POST', '/conversations/ann/trigger_intent'],
  ['POST', '/model/parse'],
  ['POST', '/model/predict'],
  ['POST', '/model/test/intents'],
  ['PUT', '/model'],
  ['PUT', '/models/canary'],
]

test('security row 1: every route asks for the token but for those in the table of open ones', async t => {
  const { call } = await started(t, { authToken: 'x' })
  const { body } = await call('GET', '/openapi.json')
  const described = Object.entries((body as { paths: Record<string, object> }).paths).flatMap(
    ([path, methods]) =>
      Object.keys(methods).map(
        method => [method.toUpperCase(), path.replace('{conversation_id}', 'ann')] as const,
      ),
  )
  const routes = [...described, ['GET', '/metrics'] as const]
  t.true(routes.length > 20)
  for (const [method, path] of routes) {
    const isOpen = OPEN_ROUTES.some(open =>
      typeof open.path === 'string' ? open.path === path : open.path.test(path),
    )
    const { status } = await call(method, path)
    t.is(status === 401, !isOpen, `${method} ${path}: ${status}`)
  }
  for (const { path } of OPEN_ROUTES) {
    if (typeof path === 'string') t.is((await call('GET', path)).status, 200, path)
  }
})

test('bodies of 10 MB, 1,000 levels, broken UTF-8 and __proto__ keys are a 4xx on every route', async t => {
  const { call, url, isServed } = await started(t)
  const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`
  const bodies: [string | Uint8Array<ArrayBuffer>, number][] = [
    ['x'.repeat(10_000_000), 413],
    [`{"text":"x","metadata":${deep},"name":${deep},"event":${deep}}`, 400],
    [Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400],
    ['{"__proto__":{"x":1},"text":"x","sender":"user","name":"utter_echo","event":"restart"}', 400],
    ['{"text":"\\ud800","sender":"user","name":"\\ud800","event":"\\ud800"}', 400],
    ['{"a":1e999,"text":1e999,"name":1e999,"event":1e999}', 400],
    ['{"text":', 400],
  ]
  for (const [method, path] of WITH_BODY) {
    for (const [body, expected] of bodies) {
      const answer = await fetch(url + path, { method, body }).catch(() => null)
      // A body that is far too large may be cut off while it is still being sent.
      if (answer === null) {
        t.is(expected, 413)
        continue
      }
      const label = `${method} ${path} ${String(body).slice(0, 30)}`
      t.true([expected, 400, 409, 404].includes(answer.status), `${label}: ${answer.status}`)
      t.like(await answer.json(), { status: 'failure', version: '3.6.21' }, label)
    }
  }
  t.false('x' in {})
  const form = await call('POST', '/conversations/ann/messages?__proto__=1&constructor=2', {
    text: 'x',
    sender: 'user',
  })
  t.is(form.status, 200)
  t.true(await isServed())
})

test('wrong types in any field of any body are never a 5xx', async t => {
  const { call, isServed } = await started(t)
  const values = fc.oneof(
    fc.constantFrom(null, true, -1, 1.5, '', 'x', '__proto__', 'constructor'),
    fc.constantFrom<unknown>([], {}, [{}], [[]], { toString: 1 }, { then: 1 }),
  )
  const keys = ['text', 'sender', 'message', 'name', 'event', 'entities', 'parse_data', 'metadata', 'policy']
  const others = [
    'confidence',
    'timestamp',
    'data',
    'value',
    'model_file',
    'model_server',
    'remote_storage',
    'share',
  ]
  const body = fc.dictionary(fc.constantFrom(...keys, ...others), values, { maxKeys: 8 })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...WITH_BODY),
      body,
      fc.boolean(),
      async ([method, path], given, isList) => {
        const { status } = await call(method, path, isList ? [given] : given)
        return status < 500
      },
    ),
    { numRuns: 400 },
  )
  t.true(await isServed())
})

test('clients that go away in mid-request or mid-answer, or read nothing, leave nothing behind', async t => {
  const { url, isServed, call } = await started(t)
  const { port, hostname } = new URL(url)
  const body = JSON.stringify({ sender: 'gone', message: '/slow 50' })
  const head = `POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`
  const sockets: Socket[] = []
  for (let n = 0; n < 60; n += 1) {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    sockets.push(socket)
    // A third stops in the headers, a third in the body, a third does not wait for the answer.
    socket.write([head.slice(0, 20), head + body.slice(0, 5), head + body][n % 3] ?? '')
  }
  const numbers = async (): Promise<{ open: number; done: number }> => {
    const { text } = await call('GET', '/metrics')
    const read = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)
    return { open: read(/^tabula_turns_open (\d+)$/m), done: read(/^tabula_turns_total\{.*"ok"\} (\d+)$/m) }
  }
  const until = async (isThere: (seen: { open: number; done: number }) => boolean): Promise<void> => {
    while (!isThere(await numbers())) await new Promise(resolve => setTimeout(resolve, 10))
  }
  // All messages have arrived, most of them wait.
  await until(({ open, done }) => open + done >= 20)
  for (const socket of sockets) socket.destroy()
  t.true(await isServed())
  await until(({ open }) => open === 0)
  t.is((await numbers()).done, 21)
})

test('memory stays flat under a thousand refused requests', async t => {
  const { url, isServed } = await started(t)
  const refuse = async (count: number): Promise<void> => {
    const big = 'x'.repeat(1_000_001)
    for (let n = 0; n < count; n += 20) {
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const body = index % 2 === 0 ? big : `{"message":"x","metadata":${'['.repeat(5000)}`
          const answer = await fetch(`${url}/webhooks/rest/webhook`, { method: 'POST', body }).catch(
            () => null,
          )
          await answer?.text()
        }),
      )
    }
  }
  await refuse(400)
  const before = process.memoryUsage().heapUsed
  await refuse(600)
  const grown = (process.memoryUsage().heapUsed - before) / 1_000_000
  // A leak of the bodies would be 300 MB.
  t.true(grown < 100, `${grown} MB`)
  t.true(await isServed())
})

test('security row 49: a flood, a bad packet and eleven attachments cut a socket off, and the process lives', async t => {
  const { url, isServed } = await started(t, {
    credentials: { rest: null, socketio: { messages_per_10_seconds: 20 } },
  })
  const flood = io(url, { transports: ['websocket'], reconnection: false })
  t.teardown(() => flood.disconnect())
  await new Promise<void>(resolve => flood.once('connect', resolve))
  const gone = new Promise(resolve => flood.once('disconnect', resolve))
  for (let n = 0; n < 30; n += 1) flood.emit('user_uttered', { message: `n${n}` })
  t.is(await gone, 'io server disconnect')
  const ws = (messages: readonly string[]): Promise<boolean> =>
    new Promise(resolve => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
      let isOpen = false
      socket.addEventListener('message', event => {
        if (isOpen || !String(event.data).startsWith('0')) return
        isOpen = true
        for (const message of messages) socket.send(message)
      })
      socket.addEventListener('close', () => {
        resolve(isOpen)
      })
    })
  t.true(await ws(['40', '4bad packet']))
  const holders = Array.from({ length: 11 }, (_, num) => ({ _placeholder: true, num }))
  t.true(await ws(['40', `4511-${JSON.stringify(['user_uttered', ...holders])}`]))
  t.true(await ws(['40', `42["user_uttered",{"message":"${'x'.repeat(300_000)}"}]`]))
  t.true(await isServed())
})
