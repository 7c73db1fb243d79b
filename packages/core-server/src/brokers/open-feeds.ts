// The feeds of the brokers that endpoints.yml names.

import { createMask } from '../privacy/mask.ts'
import { readPrivacy } from '../privacy/read-privacy.ts'
import type { Settings } from '../config/server-options.ts'
import type { Log } from '../telemetry/log.ts'
import type { TrackerStore } from '../tracker-store/tracker-store.ts'
import type { EventFeed } from './event-feed.ts'

/** One feed a broker; none is opened, and nothing logged for one, where endpoints.yml names none. */
export async function openFeeds(
  { event_broker: setting, privacy }: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  store: TrackerStore,
  log: Log,
): Promise<readonly EventFeed[]> {
  if (setting === undefined || setting === null) return []
  const [{ openBrokers }, { EventFeed, FEED_PAUSES }] = await Promise.all([
    import('./open-brokers.ts'),
    import('./event-feed.ts'),
  ])
  const brokers = await openBrokers(setting, environment, log)
  if (brokers.length === 0) return []
  const events = await store.openLog()
  const settings = readPrivacy(privacy)
  const mask = createMask(settings)
  const feeds = brokers.map(
    broker =>
      new EventFeed(
        broker,
        events,
        log,
        FEED_PAUSES,
        settings.inBrokers ? event => mask.event(event) : undefined,
      ),
  )
  for (const feed of feeds) await feed.start()
  return feeds
}
