// A real action server, good or bad, and the runner in front of it.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import type { ActionCall, ActionOutcome } from '@tabula/protocol'
import { recordingLog } from '../../test/serve.ts'
import { readActionSettings } from '../config/action-settings.ts'
import { createEndpointClient } from './endpoint-client.ts'
import { readEndpoint } from './endpoint.ts'
import { HttpActionRunner } from './http-action-runner.ts'

type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void

const GOOD = JSON.stringify({ events: [{ event: 'slot', name: 'n', value: 5 }], responses: [{ text: 'x' }] })

const call: ActionCall = {
  next_action: 'action_run',
  sender_id: 'ann',
  version: '3.6.21',
  tracker: {
    sender_id: 'ann',
    slots: {},
    latest_message: { intent: {}, entities: [] },
    latest_event_time: null,
    followup_action: null,
    paused: false,
    events: [],
    latest_input_channel: null,
    active_loop: {},
    latest_action: {},
    latest_action_name: null,
  },
}

/** The webhook's address; calls are handed over whole. */
async function actionServer(t: ExecutionContext, handler: Handler, port = 0): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      handler(request, Buffer.concat(chunks), response)
    })
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`
}

function runnerOf(t: ExecutionContext, settings: Record<string, unknown>) {
  const client = createEndpointClient(readEndpoint(settings, 'endpoints.yml: action_endpoint'))
  t.teardown(() => client.close())
  const log = recordingLog()
  return { runner: new HttpActionRunner(client, readActionSettings(settings), log), log }
}

function run(t: ExecutionContext, settings: Record<string, unknown>, given = call): Promise<ActionOutcome> {
  return runnerOf(t, settings).runner.run(given, { key: 'ann/1/0' })
}

/** The reason of a call that fails, whose start every reason shares. */
async function reasonOf(
  t: ExecutionContext,
  url: string,
  settings: Record<string, unknown> = {},
): Promise<string> {
  const outcome = await run(t, { url, ...settings })
  t.is(outcome.kind, 'failed')
  const message = outcome.kind === 'failed' ? outcome.message : ''
  const start = `action_run at ${url}: `
  t.true(message.startsWith(start), message)
  return message.slice(start.length)
}

async function answered(
  t: ExecutionContext,
  status: number,
  body: string | Buffer,
  headers = {},
): Promise<ActionOutcome> {
  const url = await actionServer(t, (_request, _body, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  return run(t, { url })
}

test('an action’s events and messages come back, and the endpoint’s keys go out', async t => {
  const seen: { headers: IncomingMessage['headers']; path: string | undefined; body: unknown }[] = []
  const url = await actionServer(t, (request, body, response) => {
    seen.push({ headers: request.headers, path: request.url, body: JSON.parse(body.toString()) })
    response.end(GOOD)
  })
  const outcome = await run(t, {
    url,
    params: { a: 1 },
    headers: { 'X-Team': 'shop' },
    basic_auth: { username: 'u', password: 'p' },
    token: 'secret',
    token_name: 'key',
  })
  t.is(outcome.kind, 'done')
  if (outcome.kind === 'done') {
    t.like(outcome.reply.events[0], { event: 'slot', name: 'n', value: 5 })
    t.like(outcome.reply.responses[0], { text: 'x' })
  }
  t.is(seen[0]?.path, '/webhook?a=1&key=secret')
  t.like(seen[0]?.headers, {
    'x-team': 'shop',
    authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
    'idempotency-key': 'ann/1/0',
    'content-type': 'application/json',
  })
  t.deepEqual(seen[0]?.body, JSON.parse(JSON.stringify(call)))
})

test('a 400 that names its action rejects it; every other trouble is a failure with its reason', async t => {
  t.deepEqual(await answered(t, 400, '{"action_name":"action_run","error":"not now"}'), {
    kind: 'rejected',
    action: 'action_run',
    message: 'not now',
  })
  for (const [status, body] of [
    [400, '{"error":"Invalid body request"}'],
    [400, 'oops'],
    [404, '{"error":"none","action_name":"action_run"}'],
    [500, ''],
    [200, ''],
    [200, '{"events":[{"event":"nonsense"}],"responses":[]}'],
    [200, '[1'],
  ] as const) {
    t.is((await answered(t, status, body)).kind, 'failed', `${status} ${body}`)
  }
})

test('a huge reply is refused before it fills the memory, packed or not', async t => {
  const huge = `"${'x'.repeat(10_000_000)}"`
  for (const outcome of [
    await answered(t, 200, huge),
    await answered(t, 200, gzipSync(huge), { 'content-encoding': 'gzip' }),
  ]) {
    t.is(outcome.kind, 'failed')
    if (outcome.kind === 'failed') t.regex(outcome.message, /larger than 5000000 bytes/)
  }
  const events = Array.from({ length: 1001 }, () => ({ event: 'restart' }))
  t.is((await answered(t, 200, JSON.stringify({ events, responses: [] }))).kind, 'failed')
})

test('packed replies are read', async t => {
  for (const [encoding, pack] of Object.entries({ gzip: gzipSync, deflate: deflateSync })) {
    t.is((await answered(t, 200, pack(GOOD), { 'content-encoding': encoding })).kind, 'done', encoding)
  }
  t.is((await answered(t, 200, GOOD, { 'content-encoding': 'gzip' })).kind, 'failed')
})

test('calls are packed where endpoints.yml or Rasa’s variable says so', async t => {
  const seen: unknown[] = []
  const url = await actionServer(t, (request, body, response) => {
    const encoding = request.headers['content-encoding']
    const plain = encoding === 'deflate' ? inflateSync(body) : encoding === 'gzip' ? gunzipSync(body) : body
    seen.push([encoding, (JSON.parse(plain.toString()) as ActionCall).next_action])
    response.end(GOOD)
  })
  for (const compress of [true, 'gzip', false]) t.is((await run(t, { url, compress })).kind, 'done')
  process.env['COMPRESS_ACTION_SERVER_REQUEST'] = 'True'
  t.teardown(() => delete process.env['COMPRESS_ACTION_SERVER_REQUEST'])
  await run(t, { url })
  t.deepEqual(seen, [
    ['deflate', 'action_run'],
    ['gzip', 'action_run'],
    [undefined, 'action_run'],
    ['deflate', 'action_run'],
  ])
})

test('every way to fail names the action, the address and the cause', async t => {
  const answers: readonly (readonly [Handler, RegExp])[] = [
    [(_request, _body, response) => response.end('<html>'), /^The answer is no JSON: /],
    [(_request, _body, response) => response.writeHead(503).end('busy'), /^It answered 503\.$/],
    [(_request, _body, response) => response.end('{"events":[{"event":"nonsense"}]}'), /nonsense/],
    [
      (request, _body, _response) => request.socket.destroy(),
      /^The connection broke before the answer was there: /,
    ],
    [
      (request, _body, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"events"')
        setTimeout(() => request.socket.destroy(), 20)
      },
      /^The connection broke before the answer was there: /,
    ],
    [
      (_request, _body, response) =>
        response.writeHead(302, { location: 'https://new.example/webhook?token=s' }).end(),
      /^It answered 302 and sends on to https:\/\/new\.example\/webhook; write that as its url\.$/,
    ],
  ]
  for (const [handler, reason] of answers) {
    t.regex(await reasonOf(t, await actionServer(t, handler)), reason)
  }
})

test('an answer after the deadline is a failure, and actions may have deadlines of their own', async t => {
  const url = await actionServer(t, (_request, _body, response) => setTimeout(() => response.end(GOOD), 300))
  t.is(await reasonOf(t, url, { timeout: 0.05 }), 'No answer within 0.05 s.')
  t.is(await reasonOf(t, url, { timeouts: { action_run: '0.05' } }), 'No answer within 0.05 s.')
  t.is((await run(t, { url, timeouts: { action_other: 0.05 } })).kind, 'done')
})

test('a call that reached the server is never made twice, one that did not is made again', async t => {
  let calls = 0
  const cut = await actionServer(t, request => {
    calls += 1
    request.socket.destroy()
  })
  await reasonOf(t, cut)
  t.is(calls, 1)
  const free = createServer()
  await new Promise<void>(resolve => free.listen(0, '127.0.0.1', resolve))
  const late = (free.address() as AddressInfo).port
  await new Promise(resolve => free.close(resolve))
  const outcome = run(t, { url: `http://127.0.0.1:${late}/webhook` })
  setTimeout(() => void actionServer(t, (_request, _body, response) => response.end(GOOD), late), 20)
  t.is((await outcome).kind, 'done')
})

test('an action server that is not there fails soon, and after a few calls at once', async t => {
  const { runner, log } = runnerOf(t, {
    url: 'http://127.0.0.1:9/webhook?token=secret',
    circuit_breaker: { failures: 2, pause: 60 },
  })
  const reasons: string[] = []
  for (let count = 0; count < 3; count += 1) {
    const outcome = await runner.run(call)
    reasons.push(outcome.kind === 'failed' ? outcome.message : outcome.kind)
  }
  t.regex(
    reasons[0] ?? '',
    /^action_run at http:\/\/127\.0\.0\.1:9\/webhook: It cannot be reached: .*ECONNREFUSED/,
  )
  t.regex(reasons[2] ?? '', /Not called: the last 2 calls got no answer/)
  t.deepEqual(
    log.entries.map(entry => entry.code),
    ['actions.circuit-opened'],
  )
})

test('a call is sent on as 307 and 308 say, without the secrets of the project where another host is meant', async t => {
  const seen: IncomingMessage['headers'][] = []
  const target = await actionServer(t, (request, body, response) => {
    seen.push(request.headers)
    t.is((JSON.parse(body.toString()) as ActionCall).next_action, 'action_run')
    response.end(GOOD)
  })
  const url = await actionServer(t, (request, _body, response) => {
    if (request.url === '/webhook') response.writeHead(308, { location: '/moved' }).end()
    else response.writeHead(307, { location: target }).end()
  })
  const outcome = await run(t, {
    url,
    basic_auth: { username: 'u', password: 'p' },
    headers: { 'x-key': 'k' },
  })
  t.is(outcome.kind, 'done')
  t.is(seen[0]?.authorization, undefined)
  t.is(seen[0]?.['x-key'], undefined)
  const endless = await actionServer(t, (_request, _body, response) =>
    response.writeHead(307, { location: '/' }).end(),
  )
  t.is(await reasonOf(t, endless), 'It redirects more than 10 times.')
})

test('https is spoken with a server whose certificate cafile vouches for, and with no other', async t => {
  const file = (name: string) => join(import.meta.dirname, '..', '..', 'test', 'fixtures', name)
  const [cert, key] = await Promise.all([
    readFile(file('localhost.cert.pem')),
    readFile(file('localhost.key.pem')),
  ])
  const server = createTlsServer({ cert, key }, (_request, response) => response.end(GOOD))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`
  t.is((await run(t, { url, cafile: file('localhost.cert.pem') })).kind, 'done')
  t.regex(await reasonOf(t, url), /self-signed certificate/)
  t.is(await reasonOf(t, url, { cafile: 'no/such.pem' }), 'The cafile no/such.pem cannot be read.')
})

test('a server that keeps the domain gets it once, and again when it has lost it; the user notices nothing', async t => {
  const got: boolean[] = []
  let kept = ''
  const url = await actionServer(t, (request, body, response) => {
    const digest = String(request.headers['x-domain-digest'])
    const isSent = (JSON.parse(body.toString()) as ActionCall).domain !== undefined
    got.push(isSent)
    if (!isSent && kept !== digest) return response.writeHead(449).end('{}')
    kept = digest
    return response.writeHead(200, { 'x-domain-kept': digest }).end(GOOD)
  })
  const { runner, log } = runnerOf(t, { url })
  const whole = { ...call, domain: { intents: ['greet'] } }
  for (let count = 0; count < 2; count += 1) t.is((await runner.run(whole)).kind, 'done')
  kept = ''
  t.is((await runner.run(whole)).kind, 'done')
  t.is((await runner.run(whole)).kind, 'done')
  t.deepEqual(got, [true, false, false, true, false])
  t.deepEqual(log.entries, [])
})

test('a server that stands in for one that keeps the domain is told of in the log, and gets it from then on', async t => {
  let isOurs = true
  const got: boolean[] = []
  const url = await actionServer(t, (request, body, response) => {
    got.push((JSON.parse(body.toString()) as ActionCall).domain !== undefined)
    const headers = isOurs ? { 'x-domain-kept': String(request.headers['x-domain-digest']) } : {}
    response.writeHead(200, headers).end(GOOD)
  })
  const { runner, log } = runnerOf(t, { url })
  const whole = { ...call, domain: { intents: ['greet'] } }
  await runner.run(whole)
  isOurs = false
  await runner.run(whole)
  await runner.run(whole)
  t.deepEqual(got, [true, false, true])
  t.deepEqual(
    log.entries.map(entry => entry.code),
    ['actions.domain-left-out'],
  )
})

test('only as many of the latest events are sent as max_event_history says; all of them without it', async t => {
  const counts: number[] = []
  const url = await actionServer(t, (_request, body, response) => {
    counts.push((JSON.parse(body.toString()) as ActionCall).tracker.events?.length ?? -1)
    response.end(GOOD)
  })
  const events = Array.from({ length: 30 }, () => ({ event: 'pause', timestamp: 1 }) as const)
  const long = { ...call, tracker: { ...call.tracker, events } }
  await run(t, { url }, long)
  await run(t, { url, max_event_history: 20 }, long)
  t.deepEqual(counts, [30, 20])
})
