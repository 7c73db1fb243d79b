import test from 'ava'
import fc from 'fast-check'
import type { LoggedEvent } from '@tabula/protocol'
import { recordingLog } from '../../test/serve.ts'
import { until } from '../../test/until.ts'
import { MemoryEventLog } from '../tracker-store/memory-event-log.ts'
import type { LogEntry } from '../tracker-store/event-log.ts'
import type { EventBroker } from './event-broker.ts'
import { EventFeed } from './event-feed.ts'

const PAUSES = { look: 2, retry: 1, longestRetry: 4, claim: 1000 }

function slot(value: number): LoggedEvent {
  return { event: 'slot', timestamp: value, name: 'n', value }
}

/** Takes or refuses as it is told; what it refuses it may have taken in part, as a broker that dies may. */
function broker(taken: LogEntry[], answers: () => boolean): EventBroker {
  return {
    name: 'test',
    async publish(entries) {
      if (answers()) taken.push(...entries)
      else {
        taken.push(...entries.slice(0, 1))
        throw new Error('away')
      }
    },
    close: () => Promise.resolve(),
  }
}

test('fault row 38: whatever a broker fails at, every event arrives, in order, repeated only under its id', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), fc.nat(30), async (answers, count) => {
      const events = new MemoryEventLog(10_000)
      const taken: LogEntry[] = []
      const feed = new EventFeed(
        broker(taken, () => answers.shift() ?? true),
        events,
        recordingLog(),
        PAUSES,
      )
      await feed.start()
      for (let value = 0; value < count; value += 1)
        events.push(value % 2 === 0 ? 'ann' : 'ben', [slot(value)])
      await until(() => new Set(taken.map(({ id }) => id)).size === count)
      await feed.close()
      const first = taken.filter(({ id }, index) => taken.findIndex(entry => entry.id === id) === index)
      t.deepEqual(
        first.map(({ event }) => (event.event === 'slot' ? event.value : null)),
        Array.from({ length: count }, (_, index) => index),
      )
    }),
    { numRuns: 40 },
  )
})

test('a process that ends and comes back goes on where the broker was', async t => {
  const events = new MemoryEventLog(10_000)
  const taken: LogEntry[] = []
  const start = async (): Promise<EventFeed> => {
    const feed = new EventFeed(
      broker(taken, () => true),
      events,
      recordingLog(),
      PAUSES,
    )
    await feed.start()
    return feed
  }
  events.push('ann', [slot(0)])
  const first = await start()
  events.push('ann', [slot(1), slot(2)])
  await first.close()
  events.push('ann', [slot(3)])
  const second = await start()
  await until(() => taken.length === 3)
  await second.close()
  t.deepEqual(
    taken.map(({ event }) => event.timestamp),
    [1, 2, 3],
    'what was there before the broker was new to it is not sent, as in Rasa',
  )
})
