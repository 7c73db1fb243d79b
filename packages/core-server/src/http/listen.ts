// Opens a port, plain or with TLS, and closes it again: new requests are refused at once, those under way get their time.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { CodedError } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'
import type { TlsFiles } from '../config/server-options.ts'
import { answerBrokenRequests } from './broken-requests.ts'

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
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      reject(asPortError(error, options))
    })
    server.listen(options.port, options.host, resolve)
  })
  const scheme = tls === undefined ? 'http' : 'https'
  return {
    server,
    url: `${scheme}://${addressOf(server, options.host)}`,
    close: grace => close(server, grace),
  }
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

async function close(server: Server, grace: number): Promise<void> {
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
