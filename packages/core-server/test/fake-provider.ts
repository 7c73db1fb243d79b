// For tests: a provider's API on loopback. It keeps what it is asked, and refuses what the real one would refuse.

import type { ExecutionContext } from 'ava'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isRecord } from '../src/http/body.ts'

export interface ProviderRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** JSON, or the fields of a form. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface ProviderReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface FakeProvider {
  readonly url: string
  readonly requests: ProviderRequest[]
  /** Replaces how it answers; null goes back to the usual way. */
  answerWith(reply: ((request: ProviderRequest) => ProviderReply | undefined) | null): void
}

/** Listens until the test ends; `reply` is how the provider answers, undefined is its 404. */
export async function fakeProvider(
  t: ExecutionContext,
  reply: (request: ProviderRequest) => ProviderReply | undefined,
): Promise<FakeProvider> {
  const requests: ProviderRequest[] = []
  let current: typeof reply | null = null
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming
      const request = { method, path, headers, body: bodyOf(Buffer.concat(chunks).toString(), headers) }
      requests.push(request)
      const {
        status = 200,
        headers: given = {},
        body = {},
      } = current?.(request) ?? reply(request) ?? { status: 404 }
      outgoing.writeHead(status, { 'content-type': 'application/json', ...given })
      outgoing.end(JSON.stringify(body))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answerWith(next) {
      current = next
    },
  }
}

function bodyOf(text: string, headers: IncomingHttpHeaders): Readonly<Record<string, unknown>> {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    return Object.fromEntries(new URLSearchParams(text))
  }
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return isRecord(value) ? value : { value }
}
