// The action server of the order checker: keeps the chain, answers in three parts, and writes down every call with its key.

import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { link, numberOf, partOf, PARTS } from './chain.ts'
import type { History } from './history.ts'

export interface ChainActions {
  readonly url: string
  /** Milliseconds that the next calls take; by action. */
  delay: (action: string, number: number) => number
  close(): Promise<void>
}

export async function startChainActions(history: History): Promise<ChainActions> {
  const server = createServer((request, response) => {
    void answer(request).then(({ body, call, wait }) => {
      setTimeout(() => {
        call.answered = performance.now()
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      }, wait)
    })
  })
  const actions: ChainActions = {
    url: '',
    delay: () => 0,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  const answer = async (request: IncomingMessage) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
    const { next_action: action, sender_id: sender, tracker } = JSON.parse(text) as ChainCall
    const number = numberOf(tracker.latest_message.text) ?? -1
    const key = String(request.headers['idempotency-key'] ?? '')
    const call = { key, sender, number, action, came: performance.now(), answered: null as number | null }
    history.calls.push(call)
    return {
      call,
      wait: actions.delay(action, number),
      body: action === 'action_chain' ? step(tracker, number) : REST,
    }
  }
  // A connection that is closed for being idle fails the call that comes just then, which is not what is looked for.
  server.keepAliveTimeout = 0
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(actions, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook` })
}

interface ChainCall {
  readonly next_action: string
  readonly sender_id: string
  readonly tracker: {
    readonly slots: { readonly chain?: unknown }
    readonly latest_message: { readonly text?: unknown }
  }
}

const REST = { events: [], responses: [] }

function step({ slots }: ChainCall['tracker'], number: number): object {
  const hash = link(typeof slots.chain === 'string' ? slots.chain : '', number)
  return {
    events: [{ event: 'slot', name: 'chain', value: hash, timestamp: null }],
    responses: Array.from({ length: PARTS }, (_, index) => ({ text: partOf(number, index + 1, hash) })),
  }
}
