// What the server takes from a parsed endpoints.yml: checked here, made in main.ts.

import { resolve } from 'node:path'
import { CodedError } from '@tabula/protocol'
import { readEndpoint } from '../action-client/endpoint-client.ts'
import type { Endpoint } from '../action-client/endpoint-client.ts'
import { isRecord } from '../http/body.ts'
import type { Log } from '../telemetry/log.ts'
import type { Settings } from './server-options.ts'

export type TrackerStoreSettings =
  { readonly kind: 'memory' } | { readonly kind: 'sqlite'; readonly file: string }

export interface Endpoints {
  readonly action: (Endpoint & { readonly sendsDomainOnRequest: boolean }) | null
  readonly nlg: Endpoint | null
  readonly trackerStore: TrackerStoreSettings
}

/** Throws CodedError `endpoints.*` on an entry that cannot work; an unknown type of store is a warning, as in Rasa. */
export function readEndpoints(endpoints: Settings, fallbackStore: unknown, log: Log): Endpoints {
  const { action_endpoint: action, nlg, tracker_store: store } = endpoints
  return {
    action: isRecord(action)
      ? {
          ...readEndpoint(action, 'endpoints.yml: action_endpoint'),
          sendsDomainOnRequest: action['enable_selective_domain'] === true,
        }
      : null,
    nlg: isRecord(nlg) && nlg['url'] !== undefined ? readEndpoint(nlg, 'endpoints.yml: nlg') : null,
    trackerStore: readTrackerStore(isRecord(store) ? store : fallbackStore, log),
  }
}

function readTrackerStore(store: unknown, log: Log): TrackerStoreSettings {
  if (!isRecord(store)) return { kind: 'memory' }
  const { type, dialect = 'sqlite', url, db = 'rasa.db' } = store
  const name = typeof type === 'string' ? type.toLowerCase() : ''
  if (name === '' || name === 'memory' || name === 'in_memory') return { kind: 'memory' }
  if (name !== 'sql') {
    log.warn(
      { code: 'endpoints.tracker-store', type },
      'This tracker_store is not known; conversations stay in memory.',
    )
    return { kind: 'memory' }
  }
  if (dialect !== 'sqlite') {
    throw new CodedError(
      'endpoints.sql-dialect',
      `endpoints.yml: tracker_store has the dialect ${String(dialect)}. sqlite is there.`,
      { status: 400 },
    )
  }
  return { kind: 'sqlite', file: sqliteFile(url, db) }
}

/** Rasa's rule: a `url` with `://` is the whole address of the database, else `db` is its file. */
function sqliteFile(url: unknown, db: unknown): string {
  const address = typeof url === 'string' && url.includes('://') ? url.replace(/^sqlite:\/\/\/?/, '') : db
  if (typeof address !== 'string' || address === '') {
    throw new CodedError('endpoints.sql-db', 'endpoints.yml: tracker_store needs db, the path of its file.', {
      status: 400,
    })
  }
  return address === ':memory:' ? address : resolve(address)
}
