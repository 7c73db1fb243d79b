// Opens the port of an action server, and closes it again.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { CodedError } from '@tabula/protocol'
import type { Action } from '../action.ts'
import { ActionExecutor } from '../action-executor.ts'
import type { ActionLog } from '../action-log.ts'
import { standardErrorLog } from '../action-log.ts'
import { DEFAULT_DEADLINE } from '../deadline.ts'
import { loadActions } from '../load-actions.ts'
import { createActionApp } from './action-app.ts'
import { ActionGate } from './action-gate.ts'
import type { ActionMetrics } from './action-metrics.ts'
import { DomainKeeper } from './domain-keeper.ts'

export interface TlsFiles {
  /** Paths of PEM files. */
  readonly certificate: string
  readonly keyfile: string
  readonly password?: string
}

interface ServerSettings {
  /** Default 5055; 0 takes a free one. */
  readonly port?: number
  /** Default 0.0.0.0, as rasa-sdk's. */
  readonly host?: string
  /** Origins that browsers may call from; none by default. */
  readonly cors?: string | readonly string[]
  /** Serves https. */
  readonly ssl?: TlsFiles
  /** What a user changes to get another port, for the complaint about a taken one. */
  readonly portSetting?: string
  /** Bytes of a call, unpacked; default 32 MB. */
  readonly bodyLimit?: number
  /** Actions that run at once, 100 by default, and calls that wait for their turn, 1000; one more is refused with 503. */
  readonly maxRunning?: number
  readonly maxWaiting?: number
  /** Milliseconds that an action may take, waiting left out; default 300 000, as long as Rasa waits. */
  readonly deadline?: number
  /** Serves GET /metrics; default true. */
  readonly metrics?: boolean
  /** Milliseconds that actions under way get when the server stops; default 10 000. */
  readonly stopGrace?: number
  readonly log?: ActionLog
}

/** The actions themselves, or the folder that loadActions reads them from. */
export type ActionServerOptions = ServerSettings &
  (
    | { readonly handlers: readonly Action[] }
    | {
        readonly folder: string
        /** Looks before each call whether files have changed, and loads them again; for development. */
        readonly autoReload?: boolean
      }
  )

export interface RunningActionServer {
  /** Without a path: actions are called at `/webhook` below it. */
  readonly url: string
  actionNames(): Promise<readonly string[]>
  /** Takes no more calls and ends when those under way are answered, or their grace is over. */
  stop(): Promise<void>
}

/**
 * A server that answers. Throws CodedError: `server.port-taken`, `server.port-refused`, `server.ssl-file`, and those of
 * loadActions.
 */
export async function startActionServer(options: ActionServerOptions): Promise<RunningActionServer> {
  const { port = 5055, host = '0.0.0.0', log = standardErrorLog, portSetting = 'port' } = options
  const source = await openActions(options, log)
  const gate = new ActionGate(options.maxRunning ?? 100, options.maxWaiting ?? 1_000)
  let stopped: Promise<void> | null = null
  const app = createActionApp({
    executor: source.current,
    gate,
    domains: new DomainKeeper(),
    metrics: options.metrics === false ? null : await createMetrics(gate),
    log,
    cors: options.cors,
    bodyLimit: options.bodyLimit ?? 32_000_000,
    deadline: options.deadline ?? DEFAULT_DEADLINE,
    isStopping: () => stopped !== null,
  })
  const handle = app.callback()
  const listener: RequestListener = (request, response) => void handle(request, response)
  const server = await openPort(listener, { port, host, portSetting, ssl: options.ssl }).catch(
    (error: unknown) => {
      source.close()
      throw error
    },
  )
  return {
    url: urlOf(server, host, options.ssl !== undefined),
    actionNames: async () => (await source.current()).names,
    stop: () => (stopped ??= stop(server, options.stopGrace ?? 10_000).finally(source.close)),
  }
}

interface ActionSource {
  readonly current: () => Promise<ActionExecutor>
  readonly close: () => void
}

async function openActions(options: ActionServerOptions, log: ActionLog): Promise<ActionSource> {
  if ('folder' in options && options.autoReload === true) {
    const { ReloadingActions } = await import('../reloading-actions.ts')
    const actions = await ReloadingActions.load(options.folder, log)
    return {
      current: () => actions.current(),
      close: () => {
        actions.close()
      },
    }
  }
  const actions = 'folder' in options ? await loadActions(options.folder) : options.handlers
  const executor = Promise.resolve(new ActionExecutor(actions, log))
  return { current: () => executor, close: () => undefined }
}

/** The library is loaded only where figures are wanted. */
async function createMetrics(gate: ActionGate): Promise<ActionMetrics> {
  const { ActionMetrics } = await import('./action-metrics.ts')
  return new ActionMetrics(gate)
}

interface PortSettings {
  readonly port: number
  readonly host: string
  readonly portSetting: string
  readonly ssl: TlsFiles | undefined
}

async function openPort(listener: RequestListener, { ssl, ...place }: PortSettings): Promise<Server> {
  const server = await createHttpServer(listener, ssl)
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      reject(asPortError(error, place))
    })
    server.listen(place.port, place.host, resolve)
  })
  return server
}

async function createHttpServer(listener: RequestListener, ssl: TlsFiles | undefined): Promise<Server> {
  // A call waits as long as its action does; only its arrival is bounded.
  const settings = { requestTimeout: 60_000, headersTimeout: 20_000, keepAliveTimeout: 15_000 }
  if (ssl === undefined) return createServer(settings, listener)
  const [cert, key] = await Promise.all([
    readPem(ssl.certificate, 'certificate'),
    readPem(ssl.keyfile, 'key file'),
  ])
  const passphrase = ssl.password === undefined ? {} : { passphrase: ssl.password }
  try {
    return createTlsServer({ ...settings, cert, key, ...passphrase }, listener)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CodedError(
      'server.ssl-file',
      `${ssl.certificate} and ${ssl.keyfile} do not work together: ${reason}. They should be a certificate and its key as PEM.`,
      { cause },
    )
  }
}

async function readPem(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new CodedError('server.ssl-file', `The ${what} ${file} cannot be read.`, { cause })
  }
}

async function stop(server: Server, grace: number): Promise<void> {
  const closed = new Promise<void>(resolve => {
    server.close(() => {
      resolve()
    })
  })
  // A kept connection turns idle only when its answer is out, so idle ones are looked for until none is left.
  server.closeIdleConnections()
  const sweep = setInterval(() => {
    server.closeIdleConnections()
  }, 20)
  const cut = setTimeout(() => {
    server.closeAllConnections()
  }, grace)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}

function urlOf(server: Server, host: string, isTls: boolean): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `${isTls ? 'https' : 'http'}://${name}:${port}`
}

function asPortError(
  error: NodeJS.ErrnoException,
  { port, host, portSetting }: Omit<PortSettings, 'ssl'>,
): Error {
  const details = { port, setting: portSetting }
  if (error.code === 'EADDRINUSE') {
    return new CodedError(
      'server.port-taken',
      `Port ${port} is taken by another program. Stop that program, or choose another port with ${portSetting}.`,
      { details, cause: error },
    )
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') {
    return new CodedError(
      'server.port-refused',
      `${host}:${port} cannot be opened (${error.code}). Choose another address or port with ${portSetting}.`,
      { details, cause: error },
    )
  }
  return error
}
