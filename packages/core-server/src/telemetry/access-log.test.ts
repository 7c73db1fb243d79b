import test from 'ava'
import type { ExecutionContext } from 'ava'
import { echoEngine, echoModel } from '../../test/echo-engine.ts'
import { caller } from '../../test/serve.ts'
import type { Call } from '../../test/serve.ts'
import { compose } from '../compose.ts'
import type { ServerOptions } from '../config/server-options.ts'
import { createLog } from './log.ts'

async function started(
  t: ExecutionContext,
  options: ServerOptions,
): Promise<{ call: Call; lines: string[] }> {
  const lines: string[] = []
  const server = await compose(
    {
      model: echoModel(),
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      credentials: { rest: null },
      accessLog: true,
      ...options,
    },
    { engine: echoEngine, log: createLog('info', { write: line => lines.push(line) }), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  return { call: caller(server.urls.server), lines }
}

test('security row 11: a token in the query is in no line of the log and in no answer', async t => {
  const token = 'very-secret-token'
  const { call, lines } = await started(t, { authToken: token })
  t.is((await call('GET', '/metrics')).status, 401)
  for (const path of ['/metrics', '/status', '/conversations/ann/tracker', '/nothing', '/domain']) {
    const answer = await call('GET', `${path}?token=${token}`, undefined, { accept: 'text/html' })
    t.false(answer.text.includes(token), path)
  }
  t.true(lines.filter(line => line.includes('http.request')).length >= 5)
  for (const line of lines) t.false(line.includes(token), line)
})

test('every line of the log about a request has its id, also deep inside the turn', async t => {
  const { call, lines } = await started(t, {})
  const headers = { 'x-request-id': 'trace-7', 'content-type': 'application/json' }
  await call('POST', '/webhooks/rest/webhook', { sender: 'ann', message: '/fail' }, headers)
  const entries = lines.map(line => JSON.parse(line) as { code: string; request?: string })
  for (const code of ['rest.turn-failed', 'http.request']) {
    t.is(entries.find(entry => entry.code === code)?.request, 'trace-7', code)
  }
})
