import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { connect } from 'node:net'
import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'undici'
import { Router } from '@koa/router'
import { freePort } from '../../../../tools/redis-server.ts'
import { recordingLog } from '../../test/serve.ts'
import type { TlsFiles } from '../config/server-options.ts'
import { readJson } from './body.ts'
import { createApp } from './create-app.ts'
import { sendJson } from './json-answer.ts'
import { listen } from './listen.ts'
import type { Listening, ListenOptions } from './listen.ts'

const FIXTURES = join(import.meta.dirname, '../../test/fixtures')
const certificate = join(FIXTURES, 'localhost.cert.pem')
const keyfile = join(FIXTURES, 'localhost.key.pem')

async function opened(
  t: ExecutionContext,
  options: Partial<ListenOptions> = {},
  responseTimeout?: number,
): Promise<Listening> {
  const router = new Router()
  router.get('/now', ctx => {
    sendJson(ctx, 'now')
  })
  router.post('/now', async ctx => {
    sendJson(ctx, await readJson(ctx.req))
  })
  router.get('/late', async ctx => {
    await new Promise(resolve => setTimeout(resolve, 1500))
    sendJson(ctx, 'late')
  })
  const app = createApp({ log: recordingLog(), router, responseTimeout }).callback()
  const listening = await listen((request_, response) => void app(request_, response), {
    port: 0,
    host: '127.0.0.1',
    setting: '--port',
    ...options,
  })
  t.teardown(() => listening.close(0))
  return listening
}

/** Sends bytes as they are; resolves with all that came back when the connection is closed. */
async function raw(url: string, bytes: string, keepOpen = false): Promise<string> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.on('error', () => undefined)
  socket.write(bytes)
  if (!keepOpen) socket.end()
  await new Promise(resolve => socket.once('close', resolve))
  return text
}

test('with a certificate the server speaks https, and who speaks plain http gets nothing', async t => {
  const tls: TlsFiles = { certificate, keyfile }
  const { url } = await opened(t, { tls })
  t.regex(url, /^https:/)
  const agent = new Agent({ connect: { ca: await readFile(certificate) } })
  t.teardown(() => agent.destroy())
  const answer = await request(`${url}/now`, { dispatcher: agent })
  t.is(await answer.body.text(), '"now"')
  await t.throwsAsync(fetch(`${url.replace('https', 'http')}/now`))
})

test('a certificate or key that cannot be used is named, and nothing is served', async t => {
  for (const tls of [
    { certificate: '/no/such.pem' },
    { certificate, keyfile: certificate },
    { certificate: keyfile, keyfile },
  ]) {
    await t.throwsAsync(opened(t, { tls }), { code: 'server.tls', message: /cannot be used/ })
  }
})

test('what is no request is answered in Rasa’s error body and the connection closed', async t => {
  const { url } = await opened(t)
  const cases: [string, number][] = [
    ['NONSENSE\r\n\r\n', 400],
    ['GET /now HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n', 400],
    [`GET /now HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    [`GET /now HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(5000)}\r\n`, 431],
    ['POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx', 400],
    [`GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 414],
  ]
  for (const [bytes, status] of cases) {
    const answer = await raw(url, bytes)
    t.regex(answer, new RegExp(`^HTTP/1.1 ${status} `), bytes.slice(0, 40))
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as unknown
    t.like(body, { version: '3.6.21', status: 'failure', code: status })
  }
  t.is((await fetch(`${url}/now`)).status, 200)
})

test('--request-timeout cuts who sends too slowly, and others are served meanwhile', async t => {
  const { url } = await opened(t, { requestTimeout: 300 })
  const slow = raw(url, 'POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{', true)
  t.is((await fetch(`${url}/now`)).status, 200)
  t.regex(await slow, /^HTTP\/1.1 408 [\s\S]*RequestTimeout/)
})

test('security row 46: five hundred who send headers or bodies slowly are cut off, and others are served', async t => {
  t.timeout(30_000)
  const { url } = await opened(t, { requestTimeout: 1_000 })
  const slow = Array.from({ length: 500 }, (_, number) =>
    raw(
      url,
      number % 2 === 0
        ? 'POST /now HTTP/1.1\r\nHost: x\r\nX-Slow: '
        : 'POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{',
      true,
    ),
  )
  for (let count = 0; count < 20; count += 1) t.is((await fetch(`${url}/now`)).status, 200)
  for (const answer of await Promise.all(slow)) t.regex(answer, /^HTTP\/1.1 408 /)
})

test('--response-timeout answers 503 in Rasa’s words where an answer is late', async t => {
  const { url } = await opened(t, {}, 0.1)
  const answer = await fetch(`${url}/late`)
  t.is(answer.status, 503)
  t.like(await answer.json(), { reason: 'ServiceUnavailable', message: 'Response Timeout' })
  t.is((await fetch(`${url}/now`)).status, 200)
})

const tryDoors = process.platform === 'linux' ? test : test.skip

tryDoors(
  'a server whose rounds are long lets in many connections in each: who comes is told something',
  async t => {
    const port = await freePort()
    const { url } = await opened(t, { port })
    const crowd = `await Promise.all(Array.from({ length: 120 }, () => fetch('${url}/now')))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', crowd], { stdio: 'inherit' })
    const gone = once(child, 'exit').then(([status]) => status as number)
    t.teardown(() => child.kill())
    // Until the crowd is there, rounds are short.
    await new Promise(resolve => setTimeout(resolve, 100))
    let rounds = 0
    const work = (): void => {
      const until = performance.now() + 30
      while (performance.now() < until) rounds += 0
      rounds += 1
      if (child.exitCode === null) setImmediate(work)
    }
    work()
    t.is(await gone, 0)
    t.log(`${rounds} rounds`)
    t.true(rounds < 100)
  },
)

test('a port that another server has is refused, however many doors it has', async t => {
  const port = await freePort()
  await opened(t, { port })
  await t.throwsAsync(opened(t, { port }), { code: 'server.port-taken' })
})
