// What a server is started with, and what the caller gets back.

import type { ActionRunner, JsonObject } from '@tabula/protocol'
import type { CreateChannel } from '../channels/channel.ts'
import type { JwtSettings } from '../http/jwt.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { ShopSettings } from './shop-settings.ts'
import type { LogLevel } from '../telemetry/log.ts'
import type { LogTargets } from '../telemetry/log-sinks.ts'

/** A parsed credentials.yml or endpoints.yml: name to settings. */
export type Settings = Readonly<Record<string, unknown>>

/** What a process plays; `all` is each of them. */
export type Role = 'all' | 'api' | 'inference' | 'actions'

/** Paths of PEM files; without a keyfile the certificate's file holds the key too. */
export interface TlsFiles {
  readonly certificate: string
  readonly keyfile?: string
  readonly caFile?: string
  readonly password?: string
}

/** One of several assistants behind a port; what is not given here is the server's own. */
export type AssistantOptions = Pick<ServerOptions, 'model' | 'endpoints' | 'credentials' | 'authToken'>

export interface Assistants {
  readonly each: Readonly<Record<string, AssistantOptions>>
  /** Answers requests that name none. */
  readonly default?: string
}

export interface ServerOptions {
  /** Several assistants by name in this process, in the place of one. */
  readonly assistants?: Assistants
  /** A model, a model file, or a folder whose newest model is taken; without one the server starts and answers 409. */
  readonly model?: string | ServedModel
  /** aws, gcs or azure: `model` is then the name of an archive there. */
  readonly remoteStorage?: string
  /** A parsed endpoints.yml; without a tracker_store conversations are kept in memory. */
  readonly endpoints?: Settings
  /** A parsed credentials.yml; without one and without a connector the `cmdline` channel is served. */
  readonly credentials?: Settings
  /** Default 5005; 0 takes a free one. */
  readonly port?: number
  /** Default 0.0.0.0. */
  readonly interface?: string
  /** Whether Rasa's HTTP API is served beside the channels. */
  readonly enableApi?: boolean
  /** What `?token=` must say on API routes. */
  readonly authToken?: string
  /** How bearer tokens of API routes are checked. */
  readonly jwt?: JwtSettings
  /** Serves https in place of http. */
  readonly tls?: TlsFiles
  /** Seconds in which an answer must begin, else it is a 503; default 3600, as Rasa's. */
  readonly responseTimeout?: number
  /** Seconds in which a request must have arrived, else it is a 408; default 60. */
  readonly requestTimeout?: number
  /** Hosts inside our network (`name` or `name:port`) that callback_url and model_server may name all the same. */
  readonly innerHosts?: readonly string[]
  /** Origins that browsers may call from; `*` allows any, without credentials. */
  readonly cors?: string | readonly string[]
  /** Serves this channel alone. */
  readonly connector?: string
  /** Channels of the project's own, by the name that credentials.yml gives them. */
  readonly channels?: Readonly<Record<string, CreateChannel>>
  /** Runs custom actions in this process; wins over action_endpoint. */
  readonly actionRunner?: ActionRunner
  /** The public side: a page to chat on and its webhook. Default port 5000. */
  readonly shop?: {
    readonly port?: number
    readonly staticDir?: string
    /** Without settings it is a demo that keeps users and history in memory. */
    readonly settings?: ShopSettings
  }
  /** `api` alone is the public side before other processes; `inference` takes what such a one asks for. */
  readonly roles?: readonly Role[]
  readonly logLevel?: LogLevel
  /** Where log lines go besides standard error. */
  readonly logTargets?: LogTargets
  /** Whether the log has a line for each request at the level `info`; else it has them at `debug`. */
  readonly accessLog?: boolean
  /** Stands in for endpoints' tracker_store where those name none. */
  readonly trackerStore?: JsonObject
  /** The settings that a complaint about a port should name. */
  readonly portSettings?: { readonly server: string; readonly shop: string }
}

export interface RunningServer {
  readonly urls: { readonly server: string; readonly shop?: string }
  /**
   * Finishes what is under way and closes everything; calling it again waits for the same end. For `notice` milliseconds
   * before it goes on taking what comes and only says that it is not ready, so that balancers look elsewhere.
   */
  stop(notice?: number): Promise<void>
}
