// Opens the tracker store and the inbox that endpoints.yml asks for. Over one Redis both use one connection: what is asked
// of them together then travels together.

import { fileOfClass, loadProjectClass } from '@tabula/model'
import type { SharedRedis } from '../channels/socket-relay.ts'
import { LIMITS } from '../config/limits.ts'
import type { LockStoreSettings, TrackerStoreSettings } from '../config/read-stores.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { MemoryInbox } from '../inbox/memory-inbox.ts'
import type { RedisClient } from '../redis/connect-redis.ts'
import { isSameServer } from '../redis/redis-settings.ts'
import type { RedisSettings } from '../redis/redis-settings.ts'
import type { Log } from '../telemetry/log.ts'
import type { CustomStoreClass } from './custom-tracker-store.ts'
import { MemoryTrackerStore } from './memory-tracker-store.ts'
import type { TrackerStore } from './tracker-store.ts'

export interface State {
  readonly store: TrackerStore
  readonly inbox: Inbox
  /** The Redis that all processes share; null where there is none. */
  readonly shared: SharedRedis | null
  /** Whether store and inbox are asked over one connection, one after the other. */
  readonly isOneConnection: boolean
  /** Closes the store and every connection; the inbox is closed before. */
  close(): Promise<void>
}

/** A store that answers, with its inbox. Throws CodedError `store.unavailable` where a database is not there. */
export async function openState(
  settings: { readonly trackerStore: TrackerStoreSettings; readonly lockStore: LockStoreSettings },
  log: Log,
): Promise<State> {
  const { trackerStore, lockStore } = settings
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).toReversed()) await each()
  }
  try {
    const redis = trackerStore.kind === 'redis' ? await connect(trackerStore.settings, log) : null
    const store = await openStore(trackerStore, redis, log)
    closers.push(() => store.close())
    const isShared =
      trackerStore.kind === 'redis' &&
      lockStore.kind === 'redis' &&
      isSameServer(trackerStore.settings, lockStore.settings)
    const lockRedis = lockStore.kind === 'redis' && !isShared ? await connect(lockStore.settings, log) : null
    closers.push(async () => {
      lockRedis?.disconnect()
    })
    const ofInbox = sharedBy(isShared ? trackerStore : lockStore, lockRedis ?? redis)
    const shared = sharedBy(trackerStore, redis) ?? ofInbox
    const inbox = await openInbox(ofInbox, log)
    // Nodes of a Cluster have a connection each, but a conversation's keys lie on one node.
    return { store, inbox, shared, isOneConnection: isShared, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openStore(
  settings: TrackerStoreSettings,
  redis: RedisClient | null,
  log: Log,
): Promise<TrackerStore> {
  if (settings.kind === 'memory') return new MemoryTrackerStore()
  if (settings.kind === 'redis' && redis !== null) {
    const [{ RedisTrackerStore }, { warnOfLoss }] = await Promise.all([
      import('./redis-tracker-store.ts'),
      import('../redis/check-durability.ts'),
    ])
    const { keyPrefix, expiry, waitReplicas } = settings.settings
    // At once: a Redis that does not answer keeps each of them waiting.
    const opening = RedisTrackerStore.open({ redis, keyPrefix, expiry, waitReplicas, log })
    const [store] = await Promise.all([opening, warnOfLoss(redis, log)])
    return store
  }
  if (settings.kind === 'custom') return openCustom(settings, log)
  if (settings.kind === 'mongo') {
    const [{ openMongo }, { MongoTrackerStore }, { askingMongo }] = await Promise.all([
      import('./open-mongo.ts'),
      import('./mongo-tracker-store.ts'),
      import('./mongo-errors.ts'),
    ])
    return new MongoTrackerStore(await askingMongo(() => openMongo(settings.settings)))
  }
  const { SqlTrackerStore } = await import('./sql-tracker-store.ts')
  if (settings.kind === 'postgres') {
    const { openPostgres } = await import('./open-postgres.ts')
    return SqlTrackerStore.open(await openPostgres(settings.settings))
  }
  const { openSqlite } = await import('./open-sqlite.ts')
  return SqlTrackerStore.open(await openSqlite(settings.kind === 'sqlite' ? settings.file : ':memory:'))
}

async function openCustom(
  { name, settings }: Extract<TrackerStoreSettings, { readonly kind: 'custom' }>,
  log: Log,
): Promise<TrackerStore> {
  const { CustomTrackerStore } = await import('./custom-tracker-store.ts')
  const found = await loadProjectClass(process.cwd(), name)
  if (found === null) {
    log.warn(
      { code: 'endpoints.tracker-store', type: name },
      `This tracker_store is not known: ${fileOfClass(name)} is no file of this folder in TypeScript or JavaScript. Conversations stay in memory.`,
    )
    return new MemoryTrackerStore()
  }
  return CustomTrackerStore.open(found as CustomStoreClass, name, settings, log)
}

/** What is shared where these settings mean Redis. */
function sharedBy(
  settings: TrackerStoreSettings | LockStoreSettings,
  redis: RedisClient | null,
): SharedRedis | null {
  return settings.kind === 'redis' && redis !== null
    ? { redis, keyPrefix: settings.settings.keyPrefix }
    : null
}

/** A lock_store on the server of the tracker store shares its keys and connection; its own database is then not used. */
async function openInbox(shared: SharedRedis | null, log: Log): Promise<Inbox> {
  if (shared === null) return new MemoryInbox(LIMITS)
  const { RedisInbox } = await import('../inbox/redis-inbox.ts')
  return RedisInbox.open({ ...shared, bounds: LIMITS, log })
}

async function connect(settings: RedisSettings, log: Log): Promise<RedisClient> {
  const { connectRedis } = await import('../redis/connect-redis.ts')
  return connectRedis(settings, log)
}
