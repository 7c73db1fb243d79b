// For tests: an action server that answers, and plain HTTP calls to it.

import type { ExecutionContext } from 'ava'
import { startActionServer } from '../src/server/start-action-server.ts'
import type { ActionServerOptions } from '../src/server/start-action-server.ts'
import { recordingLog } from './recording-log.ts'

/** A server on a free port until the test ends, and ways to call it. */
export async function serve(t: ExecutionContext, options: ActionServerOptions) {
  const log = recordingLog()
  const server = await startActionServer({ port: 0, host: '127.0.0.1', log, ...options })
  t.teardown(() => server.stop())
  const send = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(server.url + path, init)
    const text = await answer.text()
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? '' : (JSON.parse(text) as unknown),
    }
  }
  const post = (body: unknown, headers: Record<string, string> = {}) => {
    const payload = typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body)
    return send('/webhook', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: payload,
    })
  }
  return { url: server.url, log, send, post, server }
}
