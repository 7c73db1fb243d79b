// Requests that are made to break a server, against the whole of it; after each the next request is answered.

import { connect } from 'node:net'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { type Call, caller, recordingLog } from '../../test/serve.ts'
import { temporaryFolder, trainTiny } from '../../test/tiny-models.ts'
import { compose } from '../compose.ts'
import { dialogueEngine } from '../processor/rasa-dialogue.ts'

interface Fixture {
  readonly call: Call
  readonly folder: string
  readonly port: number
}

async function started(t: ExecutionContext): Promise<Fixture> {
  const folder = await temporaryFolder(t)
  const server = await compose(
    {
      model: await trainTiny(folder, 'a'),
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      credentials: { rest: null },
    },
    { engine: dialogueEngine, log: recordingLog(), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  return { call: caller(server.urls.server), folder, port: Number(new URL(server.urls.server).port) }
}

const WEBHOOK = '/webhooks/rest/webhook'

async function stillAnswers(t: ExecutionContext, call: Call): Promise<void> {
  const answer = await call('POST', WEBHOOK, { sender: 'next', message: '/greet' })
  t.is(answer.status, 200)
  t.is((answer.body as unknown[]).length, 2)
}

test('security row 31: JSON that is deep, wide, beyond all numbers or half a character is a 4xx', async t => {
  const { call } = await started(t)
  const metadata = (value: string): string => `{"sender":"a","message":"/greet","metadata":{"x":${value}}}`
  for (const body of [
    metadata(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    metadata('{"a":'.repeat(1000) + '1' + '}'.repeat(1000)),
    metadata(`[${'1,'.repeat(200_000)}1]`),
    metadata('1e999'),
    metadata('"\\ud800"'),
    '{"sender":"a","message":"\\udc00"}',
  ]) {
    for (const path of [WEBHOOK, '/conversations/a/tracker/events']) {
      const { status } = await call('POST', path, body)
      t.true(status >= 400 && status < 500, `${path} ${body.slice(0, 60)} ${status}`)
    }
  }
  await stillAnswers(t, call)
})

test('security row 32: keys that name a prototype change nobody’s', async t => {
  const { call } = await started(t)
  const poison = '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}'
  await call('POST', WEBHOOK, `{"sender":"a","message":"/greet","metadata":${poison}}`)
  await call('POST', WEBHOOK, `{"__proto__":{"sender":"x"},"message":"/greet"}`)
  await call(
    'POST',
    '/conversations/a/tracker/events',
    `[{"event":"slot","name":"__proto__","value":${poison}}]`,
  )
  await call('POST', '/conversations/a/tracker/events', `[{"event":"slot","name":"constructor","value":1}]`)
  await call('GET', '/conversations/a/tracker?__proto__[polluted]=yes&constructor.prototype.polluted=yes')
  await call('POST', '/conversations/__proto__/tracker/events', '[{"event":"restart"}]')
  t.is(({} as Record<string, unknown>)['polluted'], undefined)
  await stillAnswers(t, call)
})

/** Sends bytes as they stand; gives the status line, empty where the connection was closed without one. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    const end = (): void => {
      socket.destroy()
      resolve(answer.split('\r\n', 1)[0] ?? '')
    }
    socket.setTimeout(5000, end)
    socket.on('data', part => (answer += String(part)))
    socket.on('error', end)
    socket.on('end', end)
    socket.on('close', end)
    socket.write(bytes)
  })
}

test('security row 33: headers named after prototypes, and keys that collide, do not end the process', async t => {
  const { call, port } = await started(t)
  for (const name of ['__proto__', 'constructor', 'toString'])
    t.regex(
      await raw(port, `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${name}: x\r\n\r\n`),
      /^HTTP\/1.1 200/,
    )
  // Whole numbers as keys were those whose hashes could be made to collide.
  const keys = Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [String(index * 2 ** 16), 1]))
  const { status } = await call('POST', WEBHOOK, { sender: 'a', message: '/greet', metadata: { keys } })
  t.true(status < 500)
  await stillAnswers(t, call)
})

test('security row 35: a flood of headers, an odd host and two lengths are closed or 4xx', async t => {
  const { call, port } = await started(t)
  const request = (headers: string): string =>
    `GET /status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n\r\n`
  const odd = [
    request(`X-Forwarded-For: a,${' '.repeat(100_000)}b`),
    request(Array.from({ length: 300 }, (_, index) => `X-${index}: ${'y'.repeat(90)}`).join('\r\n')),
    'GET /status HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n',
    `GET /${'u'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    'no request at all\r\n\r\n',
  ]
  for (const bytes of odd) {
    const line = await raw(port, bytes)
    t.true(line === '' || /^HTTP\/1.1 4\d\d/.test(line), `${bytes.slice(0, 60)} → ${line}`)
  }
  const line = await raw(port, 'GET /version HTTP/1.1\r\nHost: a@evil.example\r\nConnection: close\r\n\r\n')
  t.regex(line, /^HTTP\/1.1 (200|4\d\d)/)
  await stillAnswers(t, call)
})

test('security row 43: a model is loaded from the folder of models, and through no path or link out of it', async t => {
  const { call, folder } = await started(t)
  await mkdir(join(folder, 'outside'))
  const elsewhere = await trainTiny(join(folder, 'outside'), 'b')
  await symlink(elsewhere, join(folder, 'models', 'link.tar.gz'))
  await writeFile(join(folder, 'models', 'code.tar.gz'), '#!/bin/sh\n')
  for (const file of [
    elsewhere,
    '../outside/models/b.tar.gz',
    join(folder, 'models', '..', 'outside', 'models', 'b.tar.gz'),
    join(folder, 'models', 'link.tar.gz'),
    'link.tar.gz',
    'code.tar.gz',
    '/etc/passwd',
    '/dev/zero',
    'a\u0000.tar.gz',
  ]) {
    t.is((await call('PUT', '/model', { model_file: file })).status, 400, file)
    t.is((await call('PUT', '/models/canary', { model_file: file, share: 1 })).status, 400, file)
  }
  await stillAnswers(t, call)
})
