import test from 'ava'
import type { LoggedEvent } from '@tabula/protocol'
import { echoEngine, echoModel } from '../../test/echo-engine.ts'
import { MemoryTrackerStore } from './memory-tracker-store.ts'
import { TrackerCache } from './tracker-cache.ts'
import type { Fold } from './tracker-cache.ts'

const { domain } = echoModel()
const pause = { event: 'pause', timestamp: 1 } as const
const resume = { event: 'resume', timestamp: 2 } as const

function fixture(bounds = { cachedTrackers: 10, cachedEvents: 100, cachedBytes: 1_000 }): {
  store: MemoryTrackerStore
  cache: TrackerCache
  folds: string[]
} {
  const store = new MemoryTrackerStore()
  const folds: string[] = []
  const fold: Fold = (sender, of, events) => {
    folds.push(sender)
    return echoEngine.fold(sender, of, events)
  }
  return { store, folds, cache: new TrackerCache(store, fold, bounds) }
}

test('the second turn of a conversation folds nothing again', async t => {
  const { store, cache, folds } = fixture()
  for (let turn = 0; turn < 5; turn++) {
    const { tracker, revision } = await cache.takeOut('ann', domain)
    tracker.apply(pause)
    cache.put('ann', { tracker, revision: await store.append('ann', revision, [pause], []) })
  }
  t.deepEqual(folds, ['ann'])
  t.is((await cache.look('ann', domain)).tracker.events.length, 5)
})

test('what another process has stored is seen, and half a turn is not', async t => {
  const { store, cache } = fixture()
  const { tracker, revision } = await cache.takeOut('ann', domain)
  const saved = await store.append('ann', revision, [pause], [])
  cache.put('ann', { tracker: echoEngine.fold('ann', domain, [pause]), revision: saved })
  await store.append('ann', saved, [resume], [])
  t.is((await cache.look('ann', domain)).tracker.events.length, 2)

  const held = await cache.takeOut('ann', domain)
  held.tracker.apply(pause)
  t.is((await cache.look('ann', domain)).tracker.events.length, 2)
  t.is((await cache.takeOut('ann', domain)).tracker.events.length, 2)
  t.is(tracker.events.length, 0)
})

test('memory stays bounded: the oldest trackers go first, and a huge one is not kept', async t => {
  const { store, cache, folds } = fixture({ cachedTrackers: 2, cachedEvents: 10, cachedBytes: 1_000 })
  for (const sender of ['a', 'b', 'c']) {
    const { tracker, revision } = await cache.takeOut(sender, domain)
    cache.put(sender, { tracker, revision: await store.append(sender, revision, [pause], []) })
  }
  folds.length = 0
  await cache.look('c', domain)
  await cache.look('b', domain)
  t.deepEqual(folds, [])
  await cache.look('a', domain)
  t.deepEqual(folds, ['a'])

  const many = Array.from({ length: 11 }, () => pause)
  const { revision } = await cache.takeOut('big', domain)
  const saved = await store.append('big', revision, many, [])
  cache.put('big', { tracker: echoEngine.fold('big', domain, many), revision: saved })
  folds.length = 0
  await cache.look('big', domain)
  t.deepEqual(folds, ['big'])
})

test('memory stays bounded by what is said, however few events say it: the oldest go first, what is too much is not kept', async t => {
  const { store, cache, folds } = fixture()
  const said = (size: number): LoggedEvent => ({
    event: 'bot',
    timestamp: 1,
    text: 'x'.repeat(size / 2),
    data: { custom: { picture: 'x'.repeat(size / 2) } },
  })
  const say = async (sender: string, size: number): Promise<void> => {
    const { tracker, revision } = await cache.takeOut(sender, domain)
    const event = said(size)
    tracker.apply(event)
    cache.put(sender, { tracker, revision: await store.append(sender, revision, [event], []) })
  }
  for (const sender of ['a', 'b', 'c', 'b']) await say(sender, 400)
  await say('big', 1_200)
  folds.length = 0
  for (const sender of ['b', 'c', 'a', 'big']) await cache.look(sender, domain)
  t.deepEqual(folds, ['c', 'a', 'big'], 'of 400, 800 and 400 characters the latest 800 fit beside none')
})

test('another model’s domain folds the conversation anew', async t => {
  const { cache, folds } = fixture()
  const { tracker, revision } = await cache.takeOut('ann', domain)
  cache.put('ann', { tracker, revision })
  const other = Object.create(domain) as typeof domain
  t.is((await cache.takeOut('ann', other)).tracker.domain, other)
  t.deepEqual(folds, ['ann', 'ann'])
})

test('where a turn failed and the store has forgotten the conversation meanwhile, the store is told what was known', async t => {
  const { store, cache } = fixture()
  const { revision } = await cache.takeOut('ann', domain)
  const saved = await store.append('ann', revision, [pause], [])
  cache.spoil('ann', saved)
  const asked: unknown[] = []
  const load = store.load.bind(store)
  store.load = (sender, known) => {
    asked.push(known)
    return load(sender, known)
  }
  t.is((await cache.takeOut('ann', domain)).tracker.events.length, 1, 'read whole: the tracker is spoilt')
  t.deepEqual(asked, [saved, undefined])
  await cache.takeOut('ann', domain)
  t.deepEqual(asked.slice(2), [undefined], 'told once')
})
