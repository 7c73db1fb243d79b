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
import { loadActions } from '../load-actions.ts'
import { createActionApp } from './action-app.ts'

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
  /** Milliseconds that actions under way get when the server stops; default 10 000. */
  readonly stopGrace?: number
  readonly log?: ActionLog
}

/** The actions themselves, or the folder that loadActions reads them from. */
export type ActionServerOptions = ServerSettings &
  ({ readonly handlers: readonly Action[] } | { readonly folder: string })

export interface RunningActionServer {
  /** Without a path: actions are called at `/webhook` below it. */
  readonly url: string
  /** Takes no more calls and ends when those under way are answered, or their grace is over. */
  stop(): Promise<void>
}

/**
 * A server that answers. Throws CodedError: `server.port-taken`, `server.port-refused`, `server.ssl-file`, and those of
 * loadActions.
 */
export async function startActionServer(options: ActionServerOptions): Promise<RunningActionServer> {
  const { port = 5055, host = '0.0.0.0', log = standardErrorLog, portSetting = 'port' } = options
  const actions = 'handlers' in options ? options.handlers : await loadActions(options.folder)
  const executor = new ActionExecutor(actions, log)
  const app = createActionApp({
    executor,
    log,
    cors: options.cors,
    bodyLimit: options.bodyLimit ?? 32_000_000,
  })
  const handle = app.callback()
  const server = await createHttpServer((request, response) => void handle(request, response), options.ssl)
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      reject(asPortError(error, { port, host, portSetting }))
    })
    server.listen(port, host, resolve)
  })
  let stopped: Promise<void> | null = null
  return {
    url: urlOf(server, host, options.ssl !== undefined),
    stop: () => (stopped ??= stop(server, options.stopGrace ?? 10_000)),
  }
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
  { port, host, portSetting }: { readonly port: number; readonly host: string; readonly portSetting: string },
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
