import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { recordingLog } from '../../test/serve.ts'
import { temporaryFolder } from '../../test/tiny-models.ts'
import type { LogEntry } from '../tracker-store/event-log.ts'
import { openSqlite } from '../tracker-store/open-sqlite.ts'
import { openBrokers } from './open-brokers.ts'

const ENTRIES: readonly LogEntry[] = [
  { id: '1', sender: 'ann', event: { event: 'slot', timestamp: 1, name: 'n', value: 'é' } },
  { id: '2', sender: 'ben', event: { event: 'session_started', timestamp: 2 } },
]

test('type file: one JSON line an event, with Rasa’s keys', async t => {
  const path = join(await temporaryFolder(t), 'events.log')
  const [broker] = await openBrokers({ type: 'File', path }, {}, recordingLog())
  await broker?.publish(ENTRIES)
  const lines = (await readFile(path, 'utf8')).trim().split('\n')
  t.deepEqual(
    lines.map(line => JSON.parse(line) as unknown),
    [
      { sender_id: 'ann', event: 'slot', timestamp: 1, name: 'n', value: 'é' },
      { sender_id: 'ben', event: 'session_started', timestamp: 2 },
    ],
  )
})

test('type sql: a row an event in Rasa’s table, and one sent again is still one row', async t => {
  const db = join(await temporaryFolder(t), 'events.db')
  const [broker] = await openBrokers({ type: 'sql', db }, {}, recordingLog())
  await broker?.publish(ENTRIES)
  await broker?.publish(ENTRIES)
  await broker?.close()
  const knex = await openSqlite(db)
  t.teardown(() => knex.destroy())
  const rows = await knex<{ sender_id: string; data: string }>('events').select('sender_id', 'data')
  t.deepEqual(
    rows.map(({ sender_id: sender, data }) => [sender, (JSON.parse(data) as { event: string }).event]),
    [
      ['ann', 'slot'],
      ['ben', 'session_started'],
    ],
  )
})

test('a type that nobody knows is a warning and no broker, as in Rasa', async t => {
  const log = recordingLog()
  t.deepEqual(await openBrokers({ type: 'my.module.Broker' }, {}, log), [])
  t.is(log.entries[0]?.level, 'warn')
})

test('settings that cannot work are named before the server starts', async t => {
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ type: 'pika' }, /url/],
    [{ type: 'kafka' }, /url/],
    [{ type: 'kafka', url: 'localhost:9092', security_protocol: 'TLS' }, /SASL_PLAINTEXT/],
    [{ type: 'kafka', url: 'localhost:9092', sasl_mechanism: 'GSSAPI' }, /SCRAM-SHA-256/],
    [{ type: 'sql', dialect: 'oracle' }, /oracle/],
  ]
  for (const [settings, message] of wrong) {
    const error = await t.throwsAsync(openBrokers(settings, {}, recordingLog()))
    t.regex(error.message, message)
  }
})
