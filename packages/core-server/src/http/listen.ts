// Opens a port, plain or with TLS, and closes it again: new requests are refused at once, those under way get their time.

import cluster from 'node:cluster'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createDoor } from 'node:net'
import type { ListenOptions as Place, Server as Door } from 'node:net'
import { CodedError } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'
import type { TlsFiles } from '../config/server-options.ts'
import { answerBrokenRequests } from './broken-requests.ts'

/**
 * Doors of a port. Each lets one connection in a round of the event loop, and rounds are long under load: who waits before a
 * single door could be told neither an answer nor when to come again.
 */
const DOORS = 64

export interface ListenOptions {
  readonly port: number
  readonly host: string
  /** What a user changes to get another port, for the complaint about a taken one. */
  readonly setting: string
  readonly tls?: TlsFiles
  /** Milliseconds for the whole request to arrive. */
  readonly requestTimeout?: number
}

export interface Listening {
  readonly server: Server
  readonly url: string
  /** Resolves when all connections are gone; those still busy after `grace` milliseconds are cut. */
  close(grace: number): Promise<void>
}

/**
 * Resolves when the port answers. Throws CodedError `server.port-taken` where another program has it, and `server.tls`
 * for a certificate or key that cannot be used.
 */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const { requestTimeout = LIMITS.requestTimeout, tls } = options
  const bounds = {
    maxHeaderSize: LIMITS.headerBytes,
    headersTimeout: Math.min(LIMITS.headersTimeout, requestTimeout),
    requestTimeout,
    keepAliveTimeout: LIMITS.keepAliveTimeout,
    connectionsCheckingInterval: Math.min(5000, requestTimeout),
    noDelay: true,
  }
  const server: Server =
    tls === undefined ? createServer(bounds, handler) : await createTls(tls, bounds, handler)
  server.maxHeadersCount = LIMITS.headerCount
  answerBrokenRequests(server)
  let doors: readonly Door[]
  try {
    doors = await open(server, { port: options.port, host: options.host, backlog: LIMITS.waitingConnections })
  } catch (error) {
    throw error instanceof Error ? asPortError(error, options) : error
  }
  const scheme = tls === undefined ? 'http' : 'https'
  return {
    server,
    url: `${scheme}://${addressOf(server, options.host)}`,
    close: grace => close(server, doors, grace),
  }
}

/** Opens the port; gives the doors beside the server's own. */
async function open(server: Server, place: Place): Promise<readonly Door[]> {
  // Of several processes the first one lets in; other systems than Linux do not spread connections over doors.
  if (process.platform !== 'linux' || cluster.isWorker || place.port === 0) {
    await heard(server, place)
    return []
  }
  // A port that doors share would not be refused to a second program.
  const probe = createDoor()
  await heard(probe, place)
  await new Promise(resolve => probe.close(resolve))
  const shared = { ...place, reusePort: true }
  await heard(server, shared)
  const doors = Array.from({ length: DOORS - 1 }, () =>
    createDoor({ allowHalfOpen: true, noDelay: true }, socket => server.emit('connection', socket)),
  )
  await Promise.all(doors.map(door => heard(door, shared)))
  return doors
}

async function heard(server: Door, place: Place): Promise<void> {
  server.listen(place)
  await once(server, 'listening')
}

async function createTls(files: TlsFiles, bounds: object, handler: RequestListener): Promise<Server> {
  const { certificate, keyfile = certificate, caFile, password } = files
  try {
    return createTlsServer(
      {
        ...bounds,
        minVersion: 'TLSv1.2',
        cert: await readFile(certificate),
        key: await readFile(keyfile),
        ...(caFile === undefined ? {} : { ca: await readFile(caFile) }),
        ...(password === undefined ? {} : { passphrase: password }),
      },
      handler,
    )
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CodedError(
      'server.tls',
      `The certificate ${certificate} with the key ${keyfile} cannot be used: ${reason}`,
      { status: 400, cause },
    )
  }
}

async function close(server: Server, doors: readonly Door[], grace: number): Promise<void> {
  const closed = Promise.all([server, ...doors].map(each => new Promise(resolve => each.close(resolve))))
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

function addressOf(server: Server, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`
}

function asPortError(error: NodeJS.ErrnoException, { port, host, setting }: ListenOptions): Error {
  if (error.code === 'EADDRINUSE') {
    return new CodedError(
      'server.port-taken',
      `Port ${port} is taken by another program. Stop that program, or choose another port with ${setting}.`,
      { status: 500, details: { port, setting }, cause: error },
    )
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') {
    return new CodedError(
      'server.port-refused',
      `${host}:${port} cannot be opened (${error.code}). Choose another address or port with ${setting}.`,
      { status: 500, details: { port, setting }, cause: error },
    )
  }
  return error
}
