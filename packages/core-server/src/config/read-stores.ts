// tracker_store and lock_store of endpoints.yml, with Rasa's keys: checked here, made in open-state.ts.

import { isClassPath } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { readRedisSettings } from '../redis/redis-settings.ts'
import type { RedisSettings } from '../redis/redis-settings.ts'
import type { Log } from '../telemetry/log.ts'
import type { MongoSettings } from '../tracker-store/open-mongo.ts'
import { readSqlSettings, textOf } from './read-sql-settings.ts'
import type { SqlSettings } from './read-sql-settings.ts'

export type TrackerStoreSettings =
  | { readonly kind: 'memory' }
  | SqlSettings
  | { readonly kind: 'redis'; readonly settings: RedisSettings }
  | { readonly kind: 'mongo'; readonly settings: MongoSettings }
  /** A class of the project, by its path. */
  | { readonly kind: 'custom'; readonly name: string; readonly settings: Readonly<Record<string, unknown>> }

export type LockStoreSettings =
  { readonly kind: 'memory' } | { readonly kind: 'redis'; readonly settings: RedisSettings }

/** An unknown type of store is a warning, as in Rasa; throws CodedError `endpoints.*` on settings that cannot work. */
export function readTrackerStore(store: unknown, log: Log): TrackerStoreSettings {
  if (!isRecord(store)) return { kind: 'memory' }
  const name = typeName(store)
  if (name === '' || name === 'memory' || name === 'in_memory') return { kind: 'memory' }
  if (name === 'redis') {
    return { kind: 'redis', settings: readRedisSettings(store, 'endpoints.yml: tracker_store', 0) }
  }
  if (name === 'sql') return readSqlSettings(store, 'endpoints.yml: tracker_store', 'rasa.db')
  if (name === 'mongod') return readMongo(store)
  const { type } = store
  if (isClassPath(type)) return { kind: 'custom', name: type, settings: store }
  log.warn(
    { code: 'endpoints.tracker-store', type },
    'This tracker_store is not known; conversations stay in memory. Known are redis, sql, mongod, and the path of a class of this project.',
  )
  return { kind: 'memory' }
}

/** Without an entry the order is kept where the conversations are; an unknown type is an error, as in Rasa. */
export function readLockStore(store: unknown, trackerStore: TrackerStoreSettings): LockStoreSettings {
  if (!isRecord(store)) return trackerStore.kind === 'redis' ? trackerStore : { kind: 'memory' }
  const name = typeName(store)
  if (name === '' || name === 'in_memory' || name === 'memory') return { kind: 'memory' }
  if (name === 'redis') {
    return { kind: 'redis', settings: readRedisSettings(store, 'endpoints.yml: lock_store', 1) }
  }
  throw new CodedError(
    'endpoints.lock-store',
    `endpoints.yml: lock_store has the type ${String(store['type'])}. Known are redis and in_memory.`,
    { status: 400 },
  )
}

function typeName({ type }: Readonly<Record<string, unknown>>): string {
  return typeof type === 'string' ? type.toLowerCase() : ''
}

function readMongo(store: Readonly<Record<string, unknown>>): TrackerStoreSettings {
  const { url = 'mongodb://localhost:27017', db = 'rasa', collection = 'conversations' } = store
  const { username, password, auth_source: authSource = 'admin' } = store
  if (typeof url !== 'string' || !/^mongodb(\+srv)?:\/\//.test(url))
    throw new CodedError(
      'endpoints.mongo-url',
      `endpoints.yml: tracker_store has the url ${JSON.stringify(url)}; for mongod it begins with mongodb:// or mongodb+srv://.`,
      { status: 400 },
    )
  return {
    kind: 'mongo',
    settings: {
      ...{ url, db: String(db), collection: String(collection), authSource: String(authSource) },
      username: textOf(username),
      password: textOf(password),
    },
  }
}
