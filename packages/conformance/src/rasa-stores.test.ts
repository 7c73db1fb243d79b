// Conversations that real Rasa began, in its own stores, go on here; and what goes on here is left for Rasa again.

import { existsSync } from 'node:fs'
import { copyFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue } from 'node:sqlite'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { Redis } from 'ioredis'
import { openConversations, start } from '@tabula/core-server'
import { readProject, trainModel } from '@tabula/model'
import { hasRedis, startRedis } from '../../../tools/redis-server.ts'
import { SHARED } from './shared-folder.ts'

const STORES = join(SHARED, 'stores')
const tryTest = existsSync(STORES) && hasRedis() ? test : test.skip

interface StoredValue {
  readonly events: readonly Event[]
  readonly name: string
}
interface Event {
  readonly event: string
  readonly timestamp: number
  readonly text?: unknown
}

async function readJson<Value>(file: string): Promise<Value> {
  return JSON.parse(await readFile(join(STORES, file), 'utf8')) as Value
}

/** A bot that knows the intents of Rasa's moodbot; enough to go on with. */
async function train(t: ExecutionContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'tabula-rasa-stores-'))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  await cp(join(SHARED, 'conformance', 'bots', 'moodbot'), root, { recursive: true })
  await copyFile(join(SHARED, 'conformance', 'exact.config.yml'), join(root, 'config.yml'))
  const project = await readProject({ root })
  return (await trainModel(project, { out: join(root, 'models') })).file
}

/** Says one message more in every conversation; its events before and after. */
async function goOn(
  t: ExecutionContext,
  endpoints: Readonly<Record<string, unknown>>,
  senders: readonly string[],
): Promise<Map<string, readonly Event[]>> {
  const server = await start({
    ...{ model: await train(t), port: 0, interface: '127.0.0.1', enableApi: true, logLevel: 'error' },
    ...{ endpoints, credentials: { rest: {} } },
  })
  const after = new Map<string, readonly Event[]>()
  try {
    for (const sender of senders) {
      const answer = await fetch(`${server.urls.server}/webhooks/rest/webhook`, {
        method: 'POST',
        body: JSON.stringify({ sender, message: '/goodbye' }),
      })
      t.is(answer.status, 200)
      t.regex(await answer.text(), /Bye/)
    }
  } finally {
    await server.stop()
  }
  const source = await openConversations(endpoints)
  for await (const { sender, events } of source.conversations()) {
    if (!senders.includes(sender)) continue
    after.set(sender, events)
    await source.leaveToRasa(sender)
  }
  await source.close()
  return after
}

tryTest('a conversation that Rasa keeps in Redis goes on here, and Rasa finds all of it again', async t => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const client = new Redis(redis.port, '127.0.0.1')
  t.teardown(() => {
    client.disconnect()
  })
  const { keys } = await readJson<{ keys: Record<string, { db: number; value: StoredValue }> }>('redis.json')
  const begun = Object.entries(keys).filter(
    ([key, { db, value }]) => db === 0 && key.startsWith('tracker:') && value.events.length > 0,
  )
  for (const [key, { value }] of begun) await client.set(key, JSON.stringify(value))
  const store = { type: 'redis', url: '127.0.0.1', port: redis.port }
  const senders = begun.map(([, { value }]) => value.name)
  const after = await goOn(t, { tracker_store: store }, senders)
  for (const [key, { value }] of begun) {
    const events = after.get(value.name) ?? []
    t.deepEqual(
      events.slice(0, value.events.length),
      value.events as never,
      `${key}: what Rasa wrote stays as it is`,
    )
    t.true(events.some(({ text }) => text === '/goodbye'))
    const left = JSON.parse((await client.get(key)) ?? 'null') as StoredValue
    t.deepEqual(left, { events, name: value.name }, `${key}: what Rasa reads`)
    // Rasa goes on: what it adds is seen here, once.
    const added = { event: 'restart', timestamp: Date.now() / 1000 }
    await client.set(key, JSON.stringify({ ...left, events: [...left.events, added] }))
  }
  const source = await openConversations({ tracker_store: store })
  for await (const { sender, events } of source.conversations()) {
    if (!senders.includes(sender)) continue
    t.is(events.length, (after.get(sender)?.length ?? 0) + 1)
    t.is(events.at(-1)?.event, 'restart')
  }
  await source.close()
})

tryTest('a conversation that Rasa keeps in SQL goes on here, in Rasa’s own table', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-rasa-sql-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'rasa.db')
  const database = new DatabaseSync(file)
  t.teardown(() => {
    database.close()
  })
  interface Row {
    readonly sender_id: string
    readonly data: unknown
  }
  const { sqlite_master, rows } = await readJson<{
    sqlite_master: { sql: string | null }[]
    rows: (Row & Readonly<Record<string, SQLInputValue>>)[]
  }>('sql.json')
  for (const { sql } of sqlite_master) if (sql !== null) database.exec(sql)
  const insert = database.prepare(
    'INSERT INTO events (id, sender_id, type_name, timestamp, intent_name, action_name, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  for (const row of rows) {
    const { id, sender_id, type_name, timestamp, intent_name, action_name, data } = row
    insert.run(
      id ?? null,
      sender_id,
      type_name ?? null,
      timestamp ?? null,
      intent_name ?? null,
      action_name ?? null,
      JSON.stringify(data),
    )
  }
  const bySender = Map.groupBy(rows, row => row.sender_id)
  const senders = [...bySender.keys()]
  const after = await goOn(t, { tracker_store: { type: 'sql', dialect: 'sqlite', db: file } }, senders)
  for (const [sender, theirs] of bySender) {
    const events = after.get(sender) ?? []
    t.deepEqual(events.slice(0, theirs.length), theirs.map(({ data }) => data) as never)
    t.true(events.length > theirs.length)
    const stored = database.prepare('SELECT data FROM events WHERE sender_id = ? ORDER BY id').all(sender)
    t.deepEqual(
      stored.map(({ data }) => JSON.parse(String(data)) as Event),
      events,
    )
  }
})
