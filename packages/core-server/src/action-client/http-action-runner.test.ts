import test from 'ava'
import type { ExecutionContext } from 'ava'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ActionCall, ActionOutcome } from '@tabula/protocol'
import { createEndpointClient, readEndpoint } from './endpoint-client.ts'
import { HttpActionRunner } from './http-action-runner.ts'

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void

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

async function actionServer(t: ExecutionContext, handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      handler(request, body, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`
}

async function run(t: ExecutionContext, settings: Record<string, unknown>): Promise<ActionOutcome> {
  const client = createEndpointClient(readEndpoint(settings, 'endpoints.yml: action_endpoint'))
  t.teardown(() => client.close())
  return new HttpActionRunner(client).run(call, { key: 'ann/1/0' })
}

async function answered(t: ExecutionContext, status: number, body: string): Promise<ActionOutcome> {
  const url = await actionServer(t, (_request, _body, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  return run(t, { url })
}

test('an action’s events and messages come back, and the endpoint’s keys go out', async t => {
  const seen: { headers: IncomingMessage['headers']; path: string | undefined; body: unknown }[] = []
  const url = await actionServer(t, (request, body, response) => {
    seen.push({ headers: request.headers, path: request.url, body: JSON.parse(body) })
    response.end(
      JSON.stringify({ events: [{ event: 'slot', name: 'n', value: 5 }], responses: [{ text: 'x' }] }),
    )
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

test('a huge reply is refused before it fills the memory', async t => {
  const outcome = await answered(t, 200, `"${'x'.repeat(5_000_001)}"`)
  t.is(outcome.kind, 'failed')
  const events = Array.from({ length: 1001 }, () => ({ event: 'restart' }))
  t.is((await answered(t, 200, JSON.stringify({ events, responses: [] }))).kind, 'failed')
})

test('an action server that is not there is a failure, soon', async t => {
  const outcome = await run(t, { url: 'http://127.0.0.1:9/webhook' })
  t.is(outcome.kind, 'failed')
})

test('an endpoint without a usable url is named with what was found', t => {
  t.throws(() => readEndpoint({ url: 'localhost:5055' }, 'endpoints.yml: action_endpoint'), {
    instanceOf: Error,
  })
  t.throws(() => readEndpoint(null, 'endpoints.yml: action_endpoint'), {
    message: 'endpoints.yml: action_endpoint: url should be a full http address; found nothing.',
  })
})
