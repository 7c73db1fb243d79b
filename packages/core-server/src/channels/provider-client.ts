// Calls a provider's API: kept connections, a deadline, and patience with one that is busy. What it refuses for good is
// logged and ends nothing: the conversation is stored though the user may have missed a message.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import type { Log } from '../telemetry/log.ts'
import { isRecord } from '../http/body.ts'

export interface ProviderCall {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string | readonly string[]>>
}

export interface ProviderAnswer {
  /** 0 where there was no answer. */
  readonly status: number
  /** The answer's JSON object, empty for anything else. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface ProviderClient {
  /** The answer, whatever it is; it never rejects. */
  call(url: string, call?: ProviderCall): Promise<ProviderAnswer>
  /** The same for a message of the bot: what was not delivered is logged. */
  deliver(url: string, call: ProviderCall, isDelivered?: (answer: ProviderAnswer) => boolean): Promise<void>
  close(): Promise<void>
}

const DEADLINE = 30_000
const TRIES = 3
const MAX_PAUSE = 5_000
const MAX_BYTES = 1_000_000

/** `channel` names it in the log; `proxy` is the address of an HTTP proxy. */
export function createProviderClient(channel: string, log: Log, proxy?: string): ProviderClient {
  let dispatcher: Promise<Dispatcher> | null = null
  const send = async (
    url: string,
    { method = 'POST', headers, json, form }: ProviderCall,
  ): Promise<Reply> => {
    dispatcher ??= openDispatcher(proxy)
    const { origin, pathname, search } = new URL(url)
    const reply = await (
      await dispatcher
    ).request({
      origin,
      path: `${pathname}${search}`,
      method,
      headers: { ...contentType(json, form), ...headers },
      body: json !== undefined ? JSON.stringify(json) : form === undefined ? null : encodeForm(form),
      signal: AbortSignal.timeout(DEADLINE),
    })
    const pause = Number(reply.headers['retry-after'])
    return {
      status: reply.statusCode,
      body: await readReply(reply.body),
      pause: pause > 0 ? pause * 1000 : 0,
    }
  }
  const client: ProviderClient = {
    async call(url, call = {}) {
      for (let attempt = 1; ; attempt += 1) {
        const reply = await send(url, call).catch((error: unknown) => unreached(error))
        const isBusy = reply.status === 429 || (reply.status >= 500 && reply.status !== 501)
        if (attempt === TRIES || !(isBusy || reply.isRefused === true)) return reply
        await sleep(Math.min(reply.pause > 0 ? reply.pause : 100 * 4 ** attempt, MAX_PAUSE))
      }
    },
    async deliver(url, call, isDelivered = ({ status }) => status >= 200 && status < 300) {
      const answer = await client.call(url, call)
      if (isDelivered(answer)) return
      const { status, body } = answer
      log.error(
        { code: 'channel.not-delivered', channel, status, answer: JSON.stringify(body).slice(0, 300) },
        'A message of the bot was not delivered.',
      )
    },
    async close() {
      await (await dispatcher)?.destroy()
    },
  }
  return client
}

interface Reply extends ProviderAnswer {
  /** Milliseconds that the provider wants to be left alone. */
  readonly pause: number
  /** Nothing was sent, so that another try repeats nothing. */
  readonly isRefused?: boolean
}

function unreached(error: unknown): Reply {
  const reason = error instanceof Error ? error.message : String(error)
  const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
  return { status: 0, body: { error: reason }, pause: 0, isRefused }
}

async function openDispatcher(proxy: string | undefined): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici')
  return proxy === undefined ? new Agent({ keepAliveTimeout: 10_000 }) : new ProxyAgent(proxy)
}

function contentType(json: unknown, form: unknown): Record<string, string> {
  if (json !== undefined) return { 'content-type': 'application/json; charset=utf-8' }
  return form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
}

function encodeForm(form: NonNullable<ProviderCall['form']>): string {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(form)) {
    for (const each of [value].flat()) fields.append(name, each)
  }
  return fields.toString()
}

async function readReply(body: Dispatcher.ResponseData['body']): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_BYTES) throw new Error('The reply is too large.')
    chunks.push(chunk)
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
