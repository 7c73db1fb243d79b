// Posts JSON to an endpoint of endpoints.yml or credentials.yml with the keys that all of them share, over kept connections.

import { readFile } from 'node:fs/promises'
import { CodedError } from '@tabula/protocol'
import type { Agent, Dispatcher } from 'undici'
import { isRecord } from '../http/body.ts'

export interface Endpoint {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly cafile: string | null
}

export interface PostOptions {
  /** Milliseconds for the whole exchange. */
  readonly deadline: number
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Bytes of the reply, 1 MB by default. */
  readonly maxBytes?: number
}

export interface EndpointClient {
  /** The reply's text; throws EndpointError for a status of 400 and more, and where no reply came. */
  post(body: unknown, options: PostOptions): Promise<string>
  close(): Promise<void>
}

/** `httpStatus` is null where there was no answer; `text` holds the answer's body. */
export class EndpointError extends CodedError {
  readonly httpStatus: number | null
  readonly text: string

  constructor(message: string, httpStatus: number | null, text = '', cause?: unknown) {
    super('endpoint.failed', message, { status: 502, cause })
    this.name = 'EndpointError'
    this.httpStatus = httpStatus
    this.text = text
  }
}

/** The endpoint of a settings entry: url, params, headers, basic_auth, token (sent as `token_name`), cafile. */
export function readEndpoint(settings: unknown, place: string): Endpoint {
  const entry = isRecord(settings) ? settings : {}
  const { url, params, token, token_name: tokenName, cafile } = entry
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new CodedError(
      'endpoints.no-url',
      `${place}: url should be a full http address; found ${shown(url)}.`,
      {
        status: 400,
      },
    )
  }
  const target = new URL(url)
  for (const [name, value] of Object.entries(isRecord(params) ? params : {})) {
    target.searchParams.set(name, inText(value))
  }
  if (token !== undefined && token !== null) {
    target.searchParams.set(typeof tokenName === 'string' ? tokenName : 'token', inText(token))
  }
  return {
    url: target.href,
    headers: { ...basicAuth(entry['basic_auth']), ...textHeaders(entry['headers']) },
    cafile: typeof cafile === 'string' ? cafile : null,
  }
}

export function createEndpointClient(endpoint: Endpoint): EndpointClient {
  const origin = new URL(endpoint.url)
  const path = `${origin.pathname}${origin.search}`
  let agent: Promise<Agent> | null = null
  return {
    async post(body, options) {
      agent ??= openAgent(endpoint)
      const dispatcher = await agent
      const deadline = AbortSignal.timeout(options.deadline)
      const reply = await reach(() =>
        dispatcher.request({
          origin: origin.origin,
          path,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...endpoint.headers, ...options.headers },
          body: JSON.stringify(body),
          signal: options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]),
          headersTimeout: 0,
          bodyTimeout: 0,
        }),
      )
      const text = await readReply(reply.body, options.maxBytes ?? 1_000_000)
      if (reply.statusCode >= 400) {
        throw new EndpointError(`${origin.origin} answered ${reply.statusCode}.`, reply.statusCode, text)
      }
      return text
    },
    async close() {
      await (await agent)?.destroy()
    },
  }
}

/** undici is loaded with the first call: a bot without an action server never pays for it. */
export async function openAgent({ cafile }: Endpoint): Promise<Agent> {
  const { Agent } = await import('undici')
  const ca = cafile === null ? undefined : await readFile(cafile)
  return new Agent({ keepAliveTimeout: 10_000, ...(ca === undefined ? {} : { connect: { ca } }) })
}

const RETRY_PAUSES = [50, 250]

/** A refused connection carried nothing, so it is tried again; anything later is not. */
async function reach(send: () => Promise<Dispatcher.ResponseData>): Promise<Dispatcher.ResponseData> {
  for (const pause of RETRY_PAUSES) {
    try {
      return await send()
    } catch (error) {
      if (!isRefused(error)) throw unreached(error)
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  }
  try {
    return await send()
  } catch (error) {
    throw unreached(error)
  }
}

async function readReply(body: Dispatcher.ResponseData['body'], limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > limit) throw new EndpointError(`The reply is larger than ${limit} bytes.`, null)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof EndpointError ? error : unreached(error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
}

function unreached(cause: unknown): EndpointError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new EndpointError(`No answer: ${reason}`, null, '', cause)
}

function basicAuth(setting: unknown): Record<string, string> {
  if (!isRecord(setting)) return {}
  const pair = `${inText(setting['username'] ?? '')}:${inText(setting['password'] ?? '')}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

function textHeaders(setting: unknown): Record<string, string> {
  if (!isRecord(setting)) return {}
  return Object.fromEntries(
    Object.entries(setting).map(([name, value]) => [name.toLowerCase(), inText(value)]),
  )
}

function inText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function shown(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : inText(value)
}
