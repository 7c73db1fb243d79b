import test from 'ava'
import { MemoryTrackerStore } from './memory-tracker-store.ts'
import { testTrackerStore } from './tracker-store-contract.ts'
import { NO_REVISION } from './tracker-store.ts'

testTrackerStore(test, 'memory', async () => new MemoryTrackerStore())

test('a conversation that was only read is known from then on, as Rasa tells apart 404 and empty', async t => {
  const store = new MemoryTrackerStore()
  t.deepEqual((await store.load('ann')).revision, NO_REVISION)
  await store.append('ann', NO_REVISION, [], [])
  t.not((await store.load('ann')).revision.number, 0)
})
