// Feeds the index from the event log, as one more reader beside the brokers: it stops nothing, and loses nothing where it
// is away, or where the process ends.

import type { EventBroker } from '../brokers/event-broker.ts'
import { EventFeed } from '../brokers/event-feed.ts'
import type { Log } from '../telemetry/log.ts'
import type { TrackerStore } from '../tracker-store/tracker-store.ts'
import type { History } from './history.ts'

/** Its place in the event log. */
const READER = 'tabula history'

/** A feed that runs; an index that is new to the conversations takes in all that the log still has. */
export async function startHistoryFeed(history: History, store: TrackerStore, log: Log): Promise<EventFeed> {
  const events = await store.openLog()
  if ((await events.place(READER)) === null) await events.keepPlace(READER, '')
  const broker: EventBroker = {
    name: READER,
    publish: async entries => history.record(entries, sender => store.load(sender)),
    close: async () => undefined,
  }
  const feed = new EventFeed(broker, events, log)
  await feed.start()
  return feed
}

const SENDERS_AT_ONCE = 500

/** Makes the whole index anew out of the conversations themselves; gives how many there are. */
export async function rebuildHistory(
  history: History,
  store: TrackerStore,
  onProgress: (conversations: number) => void,
): Promise<number> {
  const events = await store.openLog()
  await events.keepPlace(READER, await events.end())
  await history.reset()
  let done = 0
  let after: string | null = null
  for (;;) {
    const senders: readonly string[] = await store.senders(after, SENDERS_AT_ONCE)
    for (const sender of senders) {
      await history.rebuild(sender, (await store.load(sender)).events)
      done += 1
    }
    onProgress(done)
    const last = senders.at(-1)
    if (last === undefined) return done
    after = last
  }
}
