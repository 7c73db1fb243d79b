import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { echoEngine, echoModel, slowActions } from '../../test/echo-engine.ts'
import { type Call, caller, recordingLog } from '../../test/serve.ts'
import { compose } from '../compose.ts'
import type { ServerOptions } from '../config/server-options.ts'
import { createMeter, METRICS } from './metrics.ts'

async function started(t: ExecutionContext, options: ServerOptions = {}) {
  const log = recordingLog()
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
    { engine: echoEngine, log, maxActions: 10 },
  )
  t.teardown(() => server.stop())
  return { call: caller(server.urls.server), log }
}

const say = (call: Call, message: string): ReturnType<Call> =>
  call('POST', '/webhooks/rest/webhook', { sender: 'ann', message })

test('an operator sees turns, steps, actions, requests and errors in numbers', async t => {
  const { call } = await started(t)
  await say(call, 'hi')
  await say(call, '/slow 20')
  await say(call, '/fail')
  await call('GET', '/nothing-here')
  const { text, headers } = await call('GET', '/metrics')
  t.regex(headers.get('content-type') ?? '', /^text\/plain/)
  for (const line of [
    'tabula_turns_total{channel="rest",outcome="ok"} 2',
    'tabula_turns_total{channel="rest",outcome="failed"} 1',
    'tabula_action_calls_total{action="/slow 20",outcome="done"} 1',
    'tabula_http_requests_total{method="POST",status="200"} 3',
    'tabula_http_requests_total{method="GET",status="404"} 1',
    'tabula_errors_total{code="fault"} 1',
    'tabula_model_loaded 1',
    'tabula_turns_open 0',
  ])
    t.true(text.includes(line), `${line}\n${text}`)
  for (const step of ['wait', 'load', 'parse', 'dialogue', 'action', 'save'])
    t.regex(text, new RegExp(`tabula_step_seconds_count\\{step="${step}"\\} [1-9]`), step)
})

test('each turn is one line of the log: who, what was done, and how long each step took', async t => {
  const { call, log } = await started(t)
  await say(call, '/slow 20')
  const lines = log.entries.filter(({ code }) => code === 'turn')
  t.is(lines.length, 1)
  const [line] = lines
  t.like(line, { level: 'info', sender: 'ann', channel: 'rest', outcome: 'ok', policies: ['Echo'] })
  const steps = line?.['steps'] as Readonly<Record<string, number>>
  t.true((steps['action'] ?? 0) >= 19)
  t.deepEqual(Object.keys(steps).toSorted(), ['action', 'dialogue', 'load', 'parse', 'save', 'wait'])
})

test('metrics ask for a token where the API does', async t => {
  const { call } = await started(t, { authToken: 'secret' })
  t.is((await call('GET', '/metrics')).status, 401)
  t.is((await call('GET', '/metrics?token=secret')).status, 200)
})

test('names from outside cannot fill the memory: beyond a bound they are counted together', async t => {
  const meter = createMeter({ defaults: false })
  for (let each = 0; each < 2000; each += 1) meter.count('tabula_intents_total', { intent: `i${each}` })
  const { text } = await meter.show()
  t.true(text.split('\n').filter(line => line.startsWith('tabula_intents_total{')).length <= 501)
  t.true(text.includes('tabula_intents_total{intent="other"} 1500'))
})

test('every number that the dashboard and the alerts show is one that the server gives', t => {
  const folder = join(import.meta.dirname, '../../../../docker/observability')
  const given = new Set(Object.keys(METRICS))
  for (const file of ['dashboard.json', 'alerts.yml']) {
    const used = readFileSync(join(folder, file), 'utf8').match(/tabula_[a-z_]+/g) ?? []
    t.true(used.length > 5)
    for (const name of used)
      t.true(given.has(name.replace(/_(bucket|sum|count)$/, '')) || given.has(name), `${file}: ${name}`)
  }
})
