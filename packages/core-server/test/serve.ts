// For tests: an app on a free port, and a fetch that knows where it is.

import type { ExecutionContext } from 'ava'
import type { RequestListener } from 'node:http'
import { listen } from '../src/http/listen.ts'
import type { Log, LogData } from '../src/telemetry/log.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: unknown
}
export type Call = (method: string, path: string, body?: unknown, headers?: HeadersInit) => Promise<Answer>

/** Serves until the test ends; a body that is not a text is sent as JSON. */
export async function serve(t: ExecutionContext, handler: RequestListener): Promise<Call> {
  const listening = await listen(handler, { port: 0, host: '127.0.0.1', setting: 'port' })
  t.teardown(() => listening.close(0))
  return caller(listening.url)
}

export function caller(url: string): Call {
  return async (method, path, body, headers = { 'content-type': 'application/json' }) => {
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await fetch(url + path, {
      method,
      headers,
      ...(payload === undefined ? {} : { body: payload }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

type LogEntry = LogData & { readonly level: string; readonly message: string }

/** A log that keeps its entries. */
export function recordingLog(): Log & { readonly entries: LogEntry[] } {
  const entries: LogEntry[] = []
  const at = (level: string) => (data: LogData, message: string) => {
    entries.push({ ...data, level, message })
  }
  return {
    entries,
    writes: () => true,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}
