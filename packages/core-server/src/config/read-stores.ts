// tracker_store and lock_store of endpoints.yml, with Rasa's keys: checked here, made in open-state.ts.

import { resolve } from 'node:path'
import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { readRedisSettings } from '../redis/redis-settings.ts'
import type { RedisSettings } from '../redis/redis-settings.ts'
import type { Log } from '../telemetry/log.ts'
import type { PostgresSettings } from '../tracker-store/open-postgres.ts'

export type TrackerStoreSettings =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly settings: PostgresSettings }
  | { readonly kind: 'redis'; readonly settings: RedisSettings }

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
  if (name === 'sql') return readSql(store)
  log.warn(
    { code: 'endpoints.tracker-store', type: store['type'] },
    'This tracker_store is not known; conversations stay in memory. Known are redis and sql.',
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

function readSql(store: Readonly<Record<string, unknown>>): TrackerStoreSettings {
  const { dialect = 'sqlite', url, db = 'rasa.db' } = store
  const address = typeof url === 'string' && url.includes('://') ? url : null
  const name = (address?.split(':')[0] ?? String(dialect)).toLowerCase().split('+')[0]
  if (name === 'sqlite') return { kind: 'sqlite', file: sqliteFile(address, db) }
  if (name !== 'postgresql' && name !== 'postgres') {
    throw new CodedError(
      'endpoints.sql-dialect',
      `endpoints.yml: tracker_store has the dialect ${String(dialect)}. sqlite and postgresql are there.`,
      { status: 400 },
    )
  }
  const { username, password, port = 5432, query } = store
  const text = (value: unknown): string | null =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null
  const parameters = isRecord(query) ? Object.entries(query).map(([key, value]) => [key, String(value)]) : []
  return {
    kind: 'postgres',
    settings: {
      // SQLAlchemy names its driver in the scheme.
      url: address === null ? null : address.replace(/^[a-z]+(\+[a-z0-9]+)?:/i, 'postgresql:'),
      host: text(url) ?? 'localhost',
      port: Number(port),
      database: text(db) ?? 'rasa.db',
      username: text(username),
      password: text(password),
      query: Object.fromEntries(parameters) as Record<string, string>,
    },
  }
}

/** Rasa's rule: a `url` with `://` is the whole address of the database, else `db` is its file. */
function sqliteFile(url: string | null, db: unknown): string {
  const address = url === null ? db : url.replace(/^sqlite:\/\/\/?/, '')
  if (typeof address !== 'string' || address === '') {
    throw new CodedError('endpoints.sql-db', 'endpoints.yml: tracker_store needs db, the path of its file.', {
      status: 400,
    })
  }
  return address === ':memory:' ? address : resolve(address)
}
