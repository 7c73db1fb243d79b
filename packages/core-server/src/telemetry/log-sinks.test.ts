import test from 'ava'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from './log.ts'
import { logSink } from './log-sinks.ts'

test('what is logged is in the file and at the syslog too, over UDP with its severity', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-log-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const daemon = createSocket('udp4').bind(0, '127.0.0.1')
  t.teardown(() => daemon.close())
  await once(daemon, 'listening')
  const { port } = daemon.address()
  const file = join(folder, 'server.log')
  const log = createLog('info', logSink({ file, syslog: { address: '127.0.0.1', port, protocol: 'UDP' } }))
  const heard = once(daemon, 'message') as Promise<[Buffer]>
  log.warn({ code: 'test.said' }, 'a word to keep')
  const [message] = await heard
  t.regex(message.toString(), /^<12>\{"level":"warn".*"a word to keep"\}\0$/)
  for (let text = ''; text === ''; text = await readFile(file, 'utf8').catch(() => ''))
    await new Promise(resolve => setTimeout(resolve, 5))
  t.regex(await readFile(file, 'utf8'), /test\.said/)
})

test('over TCP too; a syslog that is away costs no line elsewhere', async t => {
  const lines: string[] = []
  const daemon = createServer((socket: Socket) => {
    socket.unref()
    socket.on('data', part => lines.push(part.toString()))
  })
  daemon.listen(0, '127.0.0.1')
  await once(daemon, 'listening')
  const { port } = daemon.address() as AddressInfo
  const log = createLog('info', logSink({ syslog: { address: '127.0.0.1', port, protocol: 'TCP' } }))
  log.error({ code: 'test.said' }, 'over TCP')
  while (lines.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
  t.regex(lines.join(''), /^<11>/)
  daemon.close()
  const away = createLog('info', logSink({ syslog: { address: '127.0.0.1', port: 9, protocol: 'TCP' } }))
  await new Promise(resolve => setTimeout(resolve, 20))
  t.notThrows(() => {
    away.error({ code: 'test.said' }, 'to nobody')
  })
})
