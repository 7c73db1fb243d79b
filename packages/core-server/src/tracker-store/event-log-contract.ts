// What every event log must do; each store's test runs it.

import type { ExecutionContext, TestFn } from 'ava'
import type { LoggedEvent } from '@tabula/protocol'
import { NO_REVISION, type TrackerStore } from './tracker-store.ts'

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

function slot(value: number): LoggedEvent {
  return { event: 'slot', timestamp: value, name: 'n', value }
}

/** Milliseconds that a claim holds: long beside what a busy machine takes for the next one. */
const LEASE = 500

/** Runs the suite on a fresh store a test. */
export function testEventLog(test: TestFn, open: (t: ExecutionContext) => Promise<TrackerStore>): void {
  test('a broker reads every event once, in the order of each conversation, in stretches', async t => {
    const store = await open(t)
    const log = await store.openLog()
    const start = await log.end()
    const revisions = new Map([
      ['ann', NO_REVISION],
      ['ben', NO_REVISION],
    ])
    for (let turn = 0; turn < 10; turn += 1)
      for (const [sender, revision] of revisions)
        revisions.set(sender, await store.append(sender, revision, [slot(turn * 2), slot(turn * 2 + 1)], []))
    const seen: [string, unknown][] = []
    const ids = new Set<string>()
    let cursor = start
    for (;;) {
      const { entries, cursor: next } = await log.read(cursor, 7)
      for (const { id, sender, event } of entries) {
        ids.add(id)
        seen.push([sender, event.event === 'slot' ? event.value : null])
      }
      if (entries.length === 0) break
      cursor = next
    }
    t.is(ids.size, 40)
    for (const sender of revisions.keys())
      t.deepEqual(
        seen.filter(([of]) => of === sender).map(([, value]) => value),
        Array.from({ length: 20 }, (_, index) => index),
      )
    t.is(cursor, await log.end())
    const again = await log.read(start, 40)
    t.deepEqual(
      again.entries.map(({ id }) => id),
      [...ids],
    )
  })

  test('a reader’s place is kept, apart from other readers', async t => {
    const store = await open(t)
    const log = await store.openLog()
    t.is(await log.place('a'), null)
    await log.keepPlace('a', '7')
    await log.keepPlace('a', '9')
    await log.keepPlace('b', '1')
    t.deepEqual([await log.place('a'), await log.place('b')], ['9', '1'])
  })

  test('of two processes one reads for a broker, and the other takes over when that one ends', async t => {
    const store = await open(t)
    const log = await store.openLog()
    if (!(await log.claim('a', 'one', LEASE)) || (await log.claim('a', 'two', LEASE))) {
      // A log of one process has no other to share with.
      t.true(await log.claim('a', 'two', LEASE))
      return
    }
    t.true(await log.claim('a', 'one', LEASE))
    t.true(await log.claim('b', 'two', LEASE))
    await pause(LEASE + 50)
    t.true(await log.claim('a', 'two', LEASE))
    t.false(await log.claim('a', 'one', LEASE))
  })
}
