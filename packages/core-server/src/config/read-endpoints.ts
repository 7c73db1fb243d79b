// What the server takes from a parsed endpoints.yml: checked here, made in main.ts.

import { CodedError } from '@tabula/protocol'
import { readEndpoint } from '../action-client/endpoint.ts'
import type { Endpoint } from '../action-client/endpoint.ts'
import { isRecord } from '../http/body.ts'
import type { Log } from '../telemetry/log.ts'
import { readActionSettings } from './action-settings.ts'
import type { ActionSettings } from './action-settings.ts'
import { readLockStore, readTrackerStore } from './read-stores.ts'
import type { LockStoreSettings, TrackerStoreSettings } from './read-stores.ts'
import type { Settings } from './server-options.ts'

/** Rasa's model server, and how many seconds lie between two questions to it (null: it is asked once). */
export type ModelServerSettings = Endpoint & { readonly pause: number | null }

export interface ActionEndpoint extends Endpoint {
  /** Whether enable_selective_domain is on. */
  readonly sendsDomainOnRequest: boolean
  readonly calls: ActionSettings
}

export interface Endpoints {
  readonly action: ActionEndpoint | null
  readonly nlg: Endpoint | null
  /** A server whose `/model/parse` stands in for the model's own understanding. */
  readonly nlu: Endpoint | null
  readonly models: ModelServerSettings | null
  readonly trackerStore: TrackerStoreSettings
  readonly lockStore: LockStoreSettings
}

/** Throws CodedError `endpoints.*` on an entry that cannot work; an unknown type of store is a warning, as in Rasa. */
export function readEndpoints(endpoints: Settings, fallbackStore: unknown, log: Log): Endpoints {
  const { action_endpoint: action, nlg, nlu, models, tracker_store: store, lock_store } = endpoints
  const trackerStore = readTrackerStore(isRecord(store) ? store : fallbackStore, log)
  return {
    action: isRecord(action)
      ? {
          ...readEndpoint(action, 'endpoints.yml: action_endpoint'),
          sendsDomainOnRequest: action['enable_selective_domain'] === true,
          calls: readActionSettings(action),
        }
      : null,
    nlg: isRecord(nlg) && nlg['url'] !== undefined ? readEndpoint(nlg, 'endpoints.yml: nlg') : null,
    nlu:
      isRecord(nlu) && nlu['url'] !== undefined
        ? below(readEndpoint(nlu, 'endpoints.yml: nlu'), 'model/parse')
        : null,
    models: isRecord(models) && models['url'] !== undefined ? readModelServer(models) : null,
    trackerStore,
    lockStore: readLockStore(lock_store, trackerStore),
  }
}

/** The endpoint with a path put behind its own. */
function below(endpoint: Endpoint, path: string): Endpoint {
  const url = new URL(endpoint.url)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`
  return { ...endpoint, url: url.href }
}

/** Seconds between two questions where endpoints.yml says nothing: Rasa's. */
const PULL_PAUSE = 100

function readModelServer(models: Readonly<Record<string, unknown>>): ModelServerSettings {
  const { wait_time_between_pulls: pause = PULL_PAUSE } = models
  if (pause !== null && (typeof pause !== 'number' || !(pause >= 0)))
    throw new CodedError(
      'endpoints.models-pause',
      `endpoints.yml: models has wait_time_between_pulls ${JSON.stringify(pause)}; it should be seconds, or null to ask once.`,
      { status: 400 },
    )
  return { ...readEndpoint(models, 'endpoints.yml: models'), pause: pause === 0 ? null : pause }
}
