// The contracts over a fake of MongoDB's wire protocol; over a real server too where TABULA_TEST_MONGO_URL names one.

import { randomBytes } from 'node:crypto'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { Double } from 'mongodb'
import { type FakeMongo, startFakeMongo } from '../../test/fake-mongo.ts'
import { recordingLog } from '../../test/serve.ts'
import { testLastingReminders, testReminderScheduler } from '../reminders/reminder-scheduler-contract.ts'
import { MongoReminderRows } from '../reminders/mongo-reminder-rows.ts'
import type { OnDue, ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import { StoredReminderScheduler } from '../reminders/stored-reminder-scheduler.ts'
import { testEventLog } from './event-log-contract.ts'
import { MongoTrackerStore } from './mongo-tracker-store.ts'
import { type MongoCollections, openMongo } from './open-mongo.ts'
import { testTrackerStore } from './tracker-store-contract.ts'
import { NO_REVISION } from './tracker-store.ts'

const real = process.env['TABULA_TEST_MONGO_URL']
const name = real === undefined ? 'mongod (a fake)' : 'mongod'
let fake: FakeMongo
let count = 0
const run = randomBytes(4).toString('hex')

test.before(async () => {
  fake = await startFakeMongo()
})
test.after.always(() => fake.stop())

async function collections(): Promise<MongoCollections> {
  count += 1
  return openMongo({
    ...{ url: real ?? fake.url, db: 'tabula_test', collection: `c${run}_${count}` },
    ...{ username: null, password: null, authSource: 'admin' },
  })
}

async function opened(
  t: ExecutionContext,
): Promise<{ store: MongoTrackerStore; rasa: MongoCollections['rasa'] }> {
  const all = await collections()
  const store = new MongoTrackerStore(all)
  t.teardown(() => store.close())
  return { store, rasa: all.rasa }
}

testTrackerStore(test, name, async () => new MongoTrackerStore(await collections()))
testEventLog(test, async t => (await opened(t)).store)

const reminders = new WeakMap<ExecutionContext, MongoCollections>()

async function scheduler(t: ExecutionContext, onDue: OnDue): Promise<ReminderScheduler> {
  const all = reminders.get(t) ?? (await collections())
  if (!reminders.has(t)) t.teardown(() => all.client.close())
  reminders.set(t, all)
  const rows = new MongoReminderRows(all.reminders)
  return new StoredReminderScheduler(rows, onDue, recordingLog(), { look: 30, claim: 300 })
}

testReminderScheduler(test, scheduler)
testLastingReminders(test, scheduler)

const slot = (timestamp: number, value: unknown): object => ({
  event: 'slot',
  timestamp,
  name: 'city',
  value,
})

test('a conversation that Rasa began in MongoDB goes on, with what Rasa adds later, and can go back to it', async t => {
  const { store, rasa } = await opened(t)
  const first = [slot(1.5, 'Bern'), slot(2.5, new Double(5))]
  await rasa.insertOne({ sender_id: 'ann', events: first, latest_event_time: 2.5, slots: {} })
  await rasa.insertOne({ sender_id: 42, events: [slot(1.5, 'Genf')], latest_event_time: 1.5 })
  t.deepEqual(await store.senders(null, 10), ['ann'])

  const before = await store.load('ann')
  t.is(JSON.stringify(before.events.map(event => event.event === 'slot' && event.value)), '["Bern",5.0]')
  t.is((await store.load('42')).events.length, 1, 'Rasa once kept ids of digits as numbers')
  t.deepEqual(await store.senders(null, 10), ['42', 'ann'])
  const ours = await store.append('ann', before.revision, [{ event: 'pause', timestamp: 3.5 }], [])
  t.deepEqual((await store.load('ann', ours)).from, 'known')

  // As Rasa saves: it pushes its new events, and sets the rest anew.
  await rasa.updateOne({ sender_id: 'ann' }, {
    $push: { events: { $each: [slot(4.5, 'Chur')] } },
    $set: { latest_event_time: 4.5 },
  } as object)
  await t.throwsAsync(
    store.load('ann').then(() => store.append('ann', ours, [{ event: 'resume', timestamp: 5.5 }], [])),
    { code: 'tracker.conflict' },
  )
  const after = await store.load('ann', ours)
  t.deepEqual(after.events, [slot(4.5, 'Chur')] as unknown)

  await store.leaveToRasa('ann')
  const left = await rasa.findOne({ sender_id: 'ann' }, { promoteValues: false })
  const events = left?.['events'] as { readonly event: string; readonly value?: unknown }[]
  t.deepEqual(
    events.map(({ event }) => event),
    ['slot', 'slot', 'pause', 'slot'],
  )
  t.true(events[1]?.value instanceof Double, '5.0 is a float for Python')
  t.is((await store.load('ann')).events.length, 4, 'nothing is doubled')
  await rasa.updateOne({ sender_id: 'ann' }, {
    $push: { events: { $each: [slot(6.5, 'Olten')] } },
    $set: { latest_event_time: 6.5 },
  } as object)
  t.is((await store.load('ann')).events.length, 5)
  await store.erase('ann')
  t.is(await rasa.findOne({ sender_id: 'ann' }), null)
})

test('of a dozen turns at once on one conversation each is there once, whoever was refused and tried again', async t => {
  const { store } = await opened(t)
  const add = async (timestamp: number): Promise<void> => {
    for (;;) {
      const { revision } = await store.load('ann')
      const saved = await store
        .append('ann', revision, [{ event: 'pause', timestamp }], [])
        .catch((error: unknown) => error)
      if (!(saved instanceof Error)) return
    }
  }
  await Promise.all(Array.from({ length: 12 }, (_, index) => add(index + 0.5)))
  const { events, revision } = await store.load('ann')
  t.is(revision.number, 12)
  t.is(new Set(events.map(({ timestamp }) => timestamp)).size, 12)
})

const tryFake = real === undefined ? test : test.skip

tryFake(
  'a MongoDB that does not answer is told within five seconds, and everything is there when it is back',
  async t => {
    const own = await startFakeMongo()
    t.teardown(() => own.stop())
    const settings = { db: 'x', collection: 'c', username: null, password: null, authSource: 'admin' }
    const store = new MongoTrackerStore(await openMongo({ url: own.url, ...settings }))
    t.teardown(() => store.close())
    const saved = await store.append('ann', NO_REVISION, [{ event: 'pause', timestamp: 1 }], [])
    own.hang(true)
    const asked = Date.now()
    await t.throwsAsync(store.load('ann'), { code: 'store.unavailable' })
    t.true(Date.now() - asked < 5_500)
    own.hang(false)
    t.like(await store.load('ann', saved), { from: 'known' })
  },
)
