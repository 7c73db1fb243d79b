import test from 'ava'
import createKnex from 'knex'
import { hasPostgres, startPostgres } from '../../../../tools/postgres-server.ts'
import type { PostgresServer } from '../../../../tools/postgres-server.ts'
import type { AcceptedMessage } from './message-ledger.ts'
import { openPostgres } from './open-postgres.ts'
import { SqlTrackerStore } from './sql-tracker-store.ts'
import { testTrackerStore } from './tracker-store-contract.ts'

const tryTest = hasPostgres() ? test : test.skip
let server: PostgresServer
let count = 0

test.before(async () => {
  if (hasPostgres()) server = await startPostgres()
})
test.after.always(async () => {
  if (hasPostgres()) await server.stop()
})

/** The address of a new, empty database. */
async function newDatabase(): Promise<string> {
  count += 1
  const name = `t${count}`
  const knex = createKnex({ client: 'pg', connection: server.url })
  await knex.raw(`CREATE DATABASE ${name}`)
  await knex.destroy()
  return server.url.replace(/[^/]*$/, name)
}

async function open(url: string): Promise<SqlTrackerStore> {
  const parts = { host: '', port: 0, database: '', username: null, password: null, query: {} }
  return SqlTrackerStore.open(await openPostgres({ url, ...parts }))
}

if (hasPostgres()) testTrackerStore(test, 'postgres', async () => open(await newDatabase()))

tryTest('a table that Rasa made, which leaves numbering to its client, is used as it is', async t => {
  const url = await newDatabase()
  const rasa = createKnex({ client: 'pg', connection: url })
  t.teardown(() => rasa.destroy())
  await rasa.raw('CREATE SEQUENCE events_id_seq')
  await rasa.raw(
    'CREATE TABLE events (id INTEGER NOT NULL, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255) NOT NULL, ' +
      'timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT, PRIMARY KEY (id))',
  )
  const insert = (timestamp: number): Promise<unknown> =>
    rasa.raw(
      "INSERT INTO events (id, sender_id, type_name, timestamp, data) VALUES (nextval('events_id_seq'), 'ann', 'restart', ?, ?)",
      [timestamp, JSON.stringify({ event: 'restart', timestamp })],
    )
  await insert(1)
  const store = await open(url)
  t.teardown(() => store.close())
  const { revision, events } = await store.load('ann')
  t.is(events.length, 1)
  const ours = await store.append('ann', revision, [{ event: 'pause', timestamp: 2 }], [])
  await insert(3)
  t.deepEqual((await store.load('ann', ours)).events, [{ event: 'restart', timestamp: 3 }])
  t.is((await store.load('ann')).events.length, 3)
})

tryTest('an id that the database cannot hold is the caller’s mistake, not an outage', async t => {
  const store = await open(await newDatabase())
  t.teardown(() => store.close())
  const { revision } = await store.load('ann')
  const event = { event: 'pause', timestamp: 2 } as const
  const error = await t.throwsAsync(store.append('x'.repeat(300), revision, [event], []))
  t.like(error, { code: 'store.unfit', status: 400 })
})

tryTest(
  'what was begun, and may be answered in part, is not overtaken by what was written down before it and seen later',
  async t => {
    const url = await newDatabase()
    const [here, other] = [await open(url), await open(url)]
    const raw = createKnex({ client: 'pg', connection: url })
    t.teardown(() => Promise.all([here.close(), other.close(), raw.destroy()]))
    const accepted = (key: string): AcceptedMessage => ({
      ...{ key, digest: key, channel: 'callback', address: {} },
      message: { text: key, senderId: 'ann', inputChannel: 'callback', messageId: key },
    })
    await here.messages.accept('ann', accepted('first'), 10)
    await here.messages.accept('ann', accepted('second'), 10)
    // As another process sees it while the first one's transaction is open.
    await raw('tabula_messages').where({ message_key: 'first' }).update({ is_waiting: 0 })
    t.deepEqual(
      (await here.messages.pending('ann')).map(({ key }) => key),
      ['second'],
    )
    await here.messages.begin('ann', 'second', 'second', 'a try')
    await raw('tabula_messages').where({ message_key: 'first' }).update({ is_waiting: 1 })
    t.deepEqual(
      (await other.messages.pending('ann')).map(({ key }) => key),
      ['second', 'first'],
    )
  },
)
