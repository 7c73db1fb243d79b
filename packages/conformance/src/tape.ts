// An action server that answers from a tape: a sender's n-th call gets the tape's n-th answer for that sender.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject, JsonValue } from '@tabula/protocol'
import type { TapeCall } from './recording.ts'

export interface TapeServer {
  readonly url: string
  /** Calls that asked for another action than the tape holds next. */
  readonly mismatches: readonly string[]
  /** Calls on the tape that nobody has asked for yet. */
  left(): number
  close(): Promise<void>
}

/** Sees each call that the tape holds, with what was asked for it, before it is answered. */
export type WatchCall = (asked: JsonObject, call: TapeCall) => void | Promise<void>

/** A running action server on a free loopback port that plays the tape back. */
export async function startTape(calls: readonly TapeCall[], watch?: WatchCall): Promise<TapeServer> {
  const queues = new Map<string, TapeCall[]>()
  for (const call of calls) queues.set(call.sender, [...(queues.get(call.sender) ?? []), call])
  const mismatches: string[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      const asked = JSON.parse(Buffer.concat(parts).toString() || '{}') as JsonObject
      const sender = textOf(asked['sender_id'])
      const action = textOf(asked['next_action'])
      const queue = queues.get(sender) ?? []
      const next = queue[0]
      response.setHeader('content-type', 'application/json')
      if (next?.action !== action) {
        mismatches.push(`${sender}: asked ${action}, the tape has ${next?.action ?? 'nothing'}`)
        response.statusCode = 409
        return response.end(JSON.stringify({ error: 'not the call on the tape', action_name: action }))
      }
      queue.shift()
      await watch?.(asked, next)
      response.statusCode = next.status
      return response.end(JSON.stringify(next.response))
    })()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    mismatches,
    left: () => [...queues.values()].reduce((sum, queue) => sum + queue.length, 0),
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
