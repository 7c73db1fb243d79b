import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import createKnex from 'knex'
import { hasPostgres, startPostgres } from '../../../../tools/postgres-server.ts'
import { recordingLog } from '../../test/serve.ts'
import { temporaryFolder } from '../../test/tiny-models.ts'
import type { LogEntry } from '../tracker-store/event-log.ts'
import { openSqlite } from '../tracker-store/open-sqlite.ts'
import { type CustomBrokerClass, createCustomEventBroker } from './custom-event-broker.ts'
import { openBrokers } from './open-brokers.ts'

const tryPostgres = hasPostgres() ? test : test.skip

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

tryPostgres('type sql with the dialect postgresql: the same rows, and no password in the name', async t => {
  const server = await startPostgres()
  t.teardown(() => server.stop())
  const settings = { type: 'SQL', dialect: 'postgresql', url: server.url }
  const [broker] = await openBrokers(settings, {}, recordingLog())
  await broker?.publish(ENTRIES)
  await broker?.publish(ENTRIES)
  await broker?.close()
  t.regex(broker?.name ?? '', /^sql [a-z]+@127\.0\.0\.1:\d+$/)
  const knex = createKnex({ client: 'pg', connection: server.url })
  t.teardown(() => knex.destroy())
  const rows = await knex<{ sender_id: string }>('events').select('sender_id').orderBy('id')
  t.deepEqual(
    rows.map(({ sender_id: sender }) => sender),
    ['ann', 'ben'],
  )
})

test('a class of the project is a broker: it gets Rasa’s payload, and the id that tells a repeat', async t => {
  const seen: unknown[] = []
  class Mine {
    publish(event: Readonly<Record<string, unknown>>, id: string): void {
      seen.push([id, event['sender_id'], event['event']])
    }
  }
  await createCustomEventBroker(Mine, 'brokers.mine.Mine', {}).publish(ENTRIES)
  t.deepEqual(seen, [
    ['1', 'ann', 'slot'],
    ['2', 'ben', 'session_started'],
  ])
  class Silent {
    readonly name = 'silent'
  }
  const silent = Silent as unknown as CustomBrokerClass
  t.throws(() => createCustomEventBroker(silent, 'brokers.mine.Silent', {}), {
    message: 'endpoints.yml: the event_broker brokers.mine.Silent has no method publish(event, id).',
  })
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
