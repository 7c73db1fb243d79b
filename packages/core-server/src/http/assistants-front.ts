// Several assistants behind one port: each is a server of its own that no port leads to, found by path or by header.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorBody } from './error-body.ts'
import type { PortHost } from './open-ports.ts'
import type { FindUnready } from './service-routes.ts'

/** `/assistants/NAME/webhooks/rest/webhook` is `/webhooks/rest/webhook` of that assistant; so is the path alone with this header. */
const PREFIX = '/assistants/'
const HEADER = 'x-assistant'

export class AssistantsFront {
  readonly #servers = new Map<string, Server>()
  readonly #unready = new Map<string, FindUnready>()
  readonly #fallback: string | null

  constructor(fallback: string | null) {
    this.#fallback = fallback
  }

  /** Opens an assistant behind this front, in the place of a port. */
  hostOf(name: string): PortHost {
    return {
      watch: findUnready => {
        this.#unready.set(name, findUnready)
      },
      listen: (handler, { host, port }) => {
        const server = createServer(handler)
        this.#servers.set(name, server)
        return Promise.resolve({
          server,
          url: `http://${host}:${port}${PREFIX}${name}`,
          close: () => {
            this.#servers.delete(name)
            return Promise.resolve()
          },
        })
      },
    }
  }

  /** Why assistants cannot take messages now, by name. */
  async unready(): Promise<Readonly<Record<string, readonly string[]>>> {
    const all = await Promise.all(
      [...this.#unready].map(async ([name, find]) => [name, await find()] as const),
    )
    return Object.fromEntries(all.filter(([, reasons]) => reasons.length > 0))
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const server = this.#take(request)
    if (server !== null) server.emit('request', request, response)
    else void this.#answer(request, response)
  }

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const server = this.#take(request)
    if (server === null || server.listenerCount('upgrade') === 0)
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
    else server.emit('upgrade', request, socket, head)
  }

  /** The assistant that the request names, which then sees its own paths; null for none. */
  #take(request: IncomingMessage): Server | null {
    const url = request.url ?? '/'
    if (url.startsWith(PREFIX)) {
      const [name = ''] = url.slice(PREFIX.length).split(/[/?]/, 1)
      const server = this.#servers.get(name)
      if (server === undefined) return null
      const rest = url.slice(PREFIX.length + name.length)
      request.url = rest.startsWith('/') ? rest : `/${rest}`
      return server
    }
    const header = request.headers[HEADER]
    const name = typeof header === 'string' ? header : this.#fallback
    return (name === null ? undefined : this.#servers.get(name)) ?? null
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (request.url ?? '/').split('?', 1)
    if (path === '/livez') {
      send(response, 200, { status: 'ok' })
      return
    }
    if (path === '/readyz') {
      const reasons = await this.unready()
      const isReady = Object.keys(reasons).length === 0
      send(response, isReady ? 200 : 503, isReady ? { status: 'ok' } : { status: 'unavailable', reasons })
      return
    }
    const message =
      'No assistant of this server goes by that name. Name one by the path /assistants/NAME/... or by the header X-Assistant.'
    send(response, 404, errorBody({ status: 404, reason: 'NotFound', message }))
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
