// Opens a port and closes it again: new requests are refused at once, those under way get their time.

import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { CodedError } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'

export interface ListenOptions {
  readonly port: number
  readonly host: string
  /** What a user changes to get another port, for the complaint about a taken one. */
  readonly setting: string
}

export interface Listening {
  readonly server: Server
  readonly url: string
  /** Resolves when all connections are gone; those still busy after `grace` milliseconds are cut. */
  close(grace: number): Promise<void>
}

/** Resolves when the port answers. Throws CodedError `server.port-taken` where another program has it. */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const server = createServer(
    {
      maxHeaderSize: LIMITS.headerBytes,
      headersTimeout: LIMITS.headersTimeout,
      requestTimeout: LIMITS.requestTimeout,
      keepAliveTimeout: LIMITS.keepAliveTimeout,
      noDelay: true,
    },
    handler,
  )
  server.maxHeadersCount = LIMITS.headerCount
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      reject(asPortError(error, options))
    })
    server.listen(options.port, options.host, resolve)
  })
  return { server, url: urlOf(server, options.host), close: grace => close(server, grace) }
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

function urlOf(server: Server, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`
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
