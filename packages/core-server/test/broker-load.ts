// For tests of brokers: a load of events through a feed while the broker is taken away, and what must have arrived.

import type { ExecutionContext } from 'ava'
import { EventFeed } from '../src/brokers/event-feed.ts'
import type { EventBroker } from '../src/brokers/event-broker.ts'
import { MemoryEventLog } from '../src/tracker-store/memory-event-log.ts'
import { recordingLog } from './serve.ts'

export interface ReceivedEvent {
  readonly id: string
  readonly sender: string
  readonly value: number
}

export const SENDERS = 7

/** Pushes some events every 10 ms while `disturb` runs, lets the feed catch up for as long as it takes, and gives how many there were. */
export async function loadThrough(
  t: ExecutionContext,
  broker: EventBroker,
  disturb: (feed: EventFeed) => Promise<void>,
  atOnce = 5,
): Promise<number> {
  const events = new MemoryEventLog(1_000_000)
  const pauses = { look: 20, retry: 50, longestRetry: 500, claim: 15_000 }
  const feed = new EventFeed(broker, events, recordingLog(), pauses)
  await feed.start()
  let pushed = 0
  const load = setInterval(() => {
    for (let each = 0; each < atOnce; each += 1) {
      const slot = { event: 'slot', timestamp: pushed, name: 'n', value: pushed } as const
      events.push(`sender-${pushed % SENDERS}`, [slot])
      pushed += 1
    }
  }, 10)
  await disturb(feed)
  clearInterval(load)
  // A broker that starts on a busy machine confirms slowly: what has not gone out by then is late, and not lost.
  const patience = Date.now() + 90_000
  const isThrough = async (): Promise<boolean> => (await events.end()) === (await events.place(broker.name))
  while (!(await isThrough()) && Date.now() < patience) await new Promise(resolve => setTimeout(resolve, 50))
  t.true(await isThrough(), `the feed is at ${String(await events.place(broker.name))} of ${pushed} events`)
  await feed.close()
  t.is(feed.failures, 0)
  return pushed
}

/** Every event is there, in the order of each sender, and comes again only under its id. */
export function assertArrived(t: ExecutionContext, received: readonly ReceivedEvent[], pushed: number): void {
  t.is(new Set(received.map(({ id }) => id)).size, pushed)
  for (let sender = 0; sender < SENDERS; sender += 1) {
    const seen = new Set<string>()
    const values: number[] = []
    for (const { id, sender: of, value } of received) {
      if (of !== `sender-${sender}` || seen.has(id)) continue
      seen.add(id)
      values.push(value)
    }
    t.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    )
  }
}
