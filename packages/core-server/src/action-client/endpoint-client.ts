// Posts JSON to an endpoint over kept connections. What did not arrive is sent again; what may have arrived never is.

import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { CodedError, unpackBody } from '@tabula/protocol'
import type { Agent, Dispatcher } from 'undici'
import { LIMITS } from '../config/limits.ts'
import { isRecord } from '../http/body.ts'
import { EndpointError, isUnreached, noAnswer } from './endpoint-error.ts'
import type { Endpoint } from './endpoint.ts'
import { publicAddress } from './endpoint.ts'

export interface PostOptions {
  /** Milliseconds for the whole exchange, attempts and redirects included. */
  readonly deadline: number
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Bytes of the reply, unpacked; 1 MB by default. */
  readonly maxBytes?: number
}

/** An answer of any status, unpacked. */
export interface EndpointReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface EndpointClient {
  /** The endpoint's url as logs may show it. */
  readonly address: string
  /** The reply's text; throws EndpointError for a status of 300 and more, and where no reply came. */
  post(body: unknown, options: PostOptions): Promise<string>
  /** The whole reply to JSON that is written already, packed or not; throws EndpointError where no reply came. */
  exchange(payload: string | Buffer, options: PostOptions): Promise<EndpointReply>
  close(): Promise<void>
}

/** Milliseconds before each new attempt at a connection. */
const RETRY_PAUSES = [50, 250]
/** As Rasa's client (aiohttp) follows. */
const MAX_REDIRECTS = 10
const CONNECT_TIMEOUT = 5_000
/**
 * Milliseconds that a connection is kept for a server that does not say how long it keeps its own: below the five seconds of
 * rasa-sdk's server and most others, so that no call goes out on a connection that is just being closed.
 */
const KEEP_ALIVE = 4_000

export function createEndpointClient(endpoint: Endpoint): EndpointClient {
  let agent: Promise<Agent> | null = null
  const exchange = async (payload: string | Buffer, options: PostOptions): Promise<EndpointReply> => {
    agent ??= openAgent(endpoint).catch((error: unknown) => {
      // A certificate file that is put right is found by the next call.
      agent = null
      throw error
    })
    const dispatcher = await agent
    const timeout = AbortSignal.timeout(options.deadline)
    const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal])
    try {
      const reply = await follow(
        new URL(endpoint.url),
        url => reach(dispatcher, url, { endpoint, payload, options, signal }),
        signal,
      )
      return await read(reply, options.maxBytes ?? 1_000_000)
    } catch (error) {
      throw noAnswer(error, options.deadline)
    }
  }
  return {
    address: publicAddress(endpoint),
    exchange,
    async post(body, options) {
      const reply = await exchange(JSON.stringify(body), options)
      if (reply.status >= 300) throw statusError(reply)
      return reply.text
    },
    async close() {
      await (await agent)?.destroy()
    },
  }
}

/** undici is loaded with the first call: a bot without an action server never pays for it. */
export async function openAgent({ cafile }: Endpoint): Promise<Agent> {
  const { Agent } = await import('undici')
  const ca = cafile === null ? {} : { ca: await readCertificates(cafile) }
  return new Agent({
    keepAliveTimeout: KEEP_ALIVE,
    connections: LIMITS.actionConnections,
    connect: { timeout: CONNECT_TIMEOUT, ...ca },
  })
}

async function readCertificates(cafile: string): Promise<Buffer> {
  try {
    return await readFile(cafile)
  } catch (cause) {
    throw new CodedError('endpoints.cafile', `The cafile ${cafile} cannot be read.`, { cause })
  }
}

interface Sending {
  readonly endpoint: Endpoint
  readonly payload: string | Buffer
  readonly options: PostOptions
  readonly signal: AbortSignal
}

/** The answer of that url, which is tried again while no connection comes about. */
async function reach(dispatcher: Agent, url: URL, sending: Sending): Promise<Dispatcher.ResponseData> {
  for (const wait of RETRY_PAUSES) {
    try {
      return await send(dispatcher, url, sending)
    } catch (error) {
      if (!isUnreached(error)) throw error
      await pause(wait, undefined, { signal: sending.signal }).catch(() => {
        throw sending.signal.reason
      })
    }
  }
  return send(dispatcher, url, sending)
}

function send(
  dispatcher: Agent,
  url: URL,
  { endpoint, payload, options, signal }: Sending,
): Promise<Dispatcher.ResponseData> {
  // A name, password or key of the project goes to nobody whom endpoints.yml does not name.
  const own = url.origin === new URL(endpoint.url).origin ? endpoint.headers : {}
  return dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'accept-encoding': 'gzip, deflate',
      ...own,
      ...options.headers,
    },
    body: payload,
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

/** 307 and 308 send the same call on; Rasa turns the other redirects into a GET, which runs no action. */
async function follow(
  start: URL,
  call: (url: URL) => Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let url = start
  for (let hops = 0; ; hops += 1) {
    const reply = await call(url)
    const location = reply.headers['location']
    if ((reply.statusCode !== 307 && reply.statusCode !== 308) || typeof location !== 'string') return reply
    if (hops === MAX_REDIRECTS) {
      throw new EndpointError('status', `It redirects more than ${MAX_REDIRECTS} times.`, {
        httpStatus: reply.statusCode,
      })
    }
    await reply.body.dump({ limit: 131_072, signal })
    url = new URL(location, url)
  }
}

async function read(reply: Dispatcher.ResponseData, limit: number): Promise<EndpointReply> {
  const { statusCode: status, headers } = reply
  const packed = await readBytes(reply.body, limit)
  const encoding = headers['content-encoding']
  try {
    const body = await unpackBody(packed, Array.isArray(encoding) ? encoding.join() : encoding, limit)
    return { status, headers, text: body.toString('utf8') }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EndpointError('reply', `The answer cannot be read: ${reason}`, { httpStatus: status, cause })
  }
}

async function readBytes(body: Dispatcher.ResponseData['body'], limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    // Leaving the loop ends the connection, so that the rest is not sent.
    if (length > limit) throw new EndpointError('reply', `The answer is larger than ${limit} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What an answer of 300 and more says. */
export function statusError({ status, headers, text }: EndpointReply): EndpointError {
  const location = headers.location
  const target =
    location === undefined
      ? ''
      : ` and sends on to ${location.replace(/[?#].*$/s, '')}; write that as its url`
  return new EndpointError('status', `It answered ${status}${target}${saidError(text)}.`, {
    httpStatus: status,
    text,
  })
}

/** rasa-sdk's servers say under `error` what went wrong there. */
function saidError(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    const error = isRecord(body) ? body['error'] : null
    return typeof error === 'string' && error !== '' ? `: ${error.slice(0, 200).replace(/\.$/, '')}` : ''
  } catch {
    return ''
  }
}
