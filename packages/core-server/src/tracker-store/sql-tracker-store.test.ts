import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test from 'ava'
import { openSqlite } from './open-sqlite.ts'
import { SqlTrackerStore } from './sql-tracker-store.ts'
import { testTrackerStore } from './tracker-store-contract.ts'

testTrackerStore(test, 'sqlite', async () => SqlTrackerStore.open(await openSqlite(':memory:')))

test('a database that Rasa made is used as it is, and what Rasa adds in between is seen', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-store-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'rasa.db')
  const rasa = new DatabaseSync(file)
  rasa.exec(`CREATE TABLE events (id INTEGER NOT NULL, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255) NOT NULL,
    timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT, PRIMARY KEY (id));
    CREATE INDEX ix_events_sender_id ON events (sender_id)`)
  const insert = rasa.prepare(
    'INSERT INTO events (sender_id, type_name, timestamp, action_name, data) VALUES (?, ?, ?, ?, ?)',
  )
  const restart = (timestamp: number): void => {
    insert.run('ann', 'restart', timestamp, null, JSON.stringify({ event: 'restart', timestamp }))
  }
  restart(1)

  const store = await SqlTrackerStore.open(await openSqlite(file))
  const before = await store.load('ann')
  t.deepEqual(before.events, [{ event: 'restart', timestamp: 1 }])
  const ours = await store.append(
    'ann',
    before.revision,
    [{ event: 'slot', timestamp: 2, name: 'city', value: 'Zürich' }],
    [],
  )
  t.deepEqual(
    { ...rasa.prepare('SELECT * FROM events WHERE id = 2').get() },
    {
      id: 2,
      sender_id: 'ann',
      type_name: 'slot',
      timestamp: 2,
      intent_name: null,
      action_name: 'city',
      data: String.raw`{"event":"slot","timestamp":2,"name":"city","value":"Z\u00fcrich"}`,
    },
  )
  restart(3)
  await t.throwsAsync(store.append('ann', ours, [{ event: 'restart', timestamp: 4 }], []), {
    code: 'tracker.conflict',
  })
  t.deepEqual((await store.load('ann', ours)).events, [{ event: 'restart', timestamp: 3 }])
  t.is((await store.load('ann')).events.length, 3)
  await store.close()
  rasa.close()
})

test('conversations outlive a restart of the server', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-store-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'new', 'tracker.db')
  const first = await SqlTrackerStore.open(await openSqlite(file))
  const { revision } = await first.load('ann')
  const saved = await first.append('ann', revision, [{ event: 'restart', timestamp: 1 }], [])
  await first.close()
  const second = await SqlTrackerStore.open(await openSqlite(file))
  t.deepEqual(await second.load('ann'), {
    revision: saved,
    from: 'start',
    events: [{ event: 'restart', timestamp: 1 }],
    waiting: 0,
  })
  await second.close()
})
