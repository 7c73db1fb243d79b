// The senders of a run. Each says its numbers one after the other, every message under an id of its own and to any server;
// one whose outcome is not known is sent again under its id until it is.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io } from 'socket.io-client'
import { messageOf, readPart } from './chain.ts'
import type { History, Operation, Reply, SocketLine, Way } from './history.ts'

export interface ClientParts {
  readonly history: History
  readonly urls: readonly string[]
  readonly random: () => number
  /** Whether the run is over: nothing new is said. */
  readonly isOver: () => boolean
  /** Milliseconds between two messages of a sender. */
  readonly pause: number
  /** Messages of a sender that are under way at a time. */
  readonly lanes: number
  /** Milliseconds after which a message that was never taken is given up. */
  readonly patience: number
  /** Milliseconds after which an answer is not waited for any more. */
  readonly answerWithin?: number
}

type SpeakerParts = Pick<ClientParts, 'history' | 'urls' | 'random' | 'answerWithin'>
const ANSWER_WITHIN = 40_000

/** Runs one sender until the run is over: several of its messages are under way at a time, each on a connection of its own. */
export async function runSender(sender: string, way: Way, parts: ClientParts): Promise<void> {
  const lanes = Array.from({ length: parts.lanes }, async (_, lane) => {
    const speaker = way === 'socketio' ? await socketSay(sender, parts) : httpSay(sender, way, parts)
    for (let number = 1 + lane; !parts.isOver(); number += parts.lanes) {
      await sayOnce({ sender, way, number }, speaker.say, parts)
      await sleep(parts.pause * (0.5 + parts.random()))
    }
    speaker.close()
  })
  await Promise.all(lanes)
}

/** Says one message until its outcome is known. */
export async function sayOnce(
  { sender, way, number }: { readonly sender: string; readonly way: Way; readonly number: number },
  say: Say,
  { history, patience }: Pick<ClientParts, 'history' | 'patience'>,
): Promise<Operation> {
  const sent = performance.now()
  const operation: Operation = { sender, way, number, sent, ended: Infinity, outcome: 'unknown', retries: 0 }
  history.operations.push(operation)
  for (;;) {
    const outcome = await say(number)
    if (outcome !== 'unknown' || performance.now() - sent > patience) {
      operation.outcome = outcome
      operation.ended = outcome === 'unknown' ? Infinity : performance.now()
      return operation
    }
    operation.retries += 1
    await sleep(150)
  }
}

export type Say = (number: number) => Promise<Operation['outcome']>
interface Speaker {
  readonly say: Say
  close(): void
}
interface HttpSpeaker extends Speaker {
  /** Says it, and lets it be where the server has no room for it: then it was not taken. */
  readonly sayOrNot: Say
}

export function httpSay(
  sender: string,
  way: 'rest' | 'callback',
  { history, urls, random, answerWithin = ANSWER_WITHIN }: SpeakerParts,
): HttpSpeaker {
  const ask = async (number: number, refused: Operation['outcome']): Promise<Operation['outcome']> => {
    const url = urls[Math.floor(random() * urls.length)] ?? ''
    try {
      const answer = await fetch(`${url}/webhooks/${way}/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sender, message: messageOf(number), message_id: `${sender}-${number}` }),
        signal: AbortSignal.timeout(answerWithin),
      })
      const text = await answer.text()
      if (answer.status === 429 || answer.status === 503) return refused
      if (answer.status >= 500) return 'unknown'
      if (answer.status !== 200) return 'fail'
      if (way === 'rest') receive(history, sender, JSON.parse(text))
      return 'ok'
    } catch {
      return 'unknown'
    }
  }
  return {
    say: number => ask(number, 'unknown'),
    sayOrNot: number => ask(number, 'fail'),
    close: () => undefined,
  }
}

export async function socketSay(
  sender: string,
  { history, urls, random, answerWithin = ANSWER_WITHIN }: SpeakerParts,
): Promise<Speaker> {
  let socket: ReturnType<typeof io> | null = null
  let line: SocketLine = { joined: Infinity }
  const connect = (): ReturnType<typeof io> => {
    const url = urls[Math.floor(random() * urls.length)] ?? ''
    const made = io(url, { transports: ['websocket'], reconnection: false, forceNew: true })
    const own: SocketLine = { joined: Infinity }
    line = own
    made.on('bot_uttered', (message: unknown) => {
      receive(history, sender, [message], { socket: own })
    })
    return made
  }
  const say: Say = async number => {
    const isNew = socket === null
    socket ??= connect()
    const current = socket
    const id = `${sender}-${number}`
    try {
      // Answers reach those who are in their session.
      if (isNew) {
        current.emit('session_request', { session_id: sender })
        await once(current, 'session_confirm')
        line.joined = performance.now()
      }
      const answer: unknown = await current
        .timeout(answerWithin)
        .emitWithAck('user_uttered', { session_id: sender, message: messageOf(number), message_id: id })
      const { ok, answers } = answer as { ok?: boolean; answers?: unknown }
      // What was said before this socket was there is told with the repeat.
      if (ok === true && Array.isArray(answers))
        receive(history, sender, answers, { socket: line, isRetold: true })
      return ok === true ? 'ok' : 'unknown'
    } catch {
      current.disconnect()
      socket = null
      return 'unknown'
    }
  }
  const watch = setInterval(() => {
    if (socket?.disconnected === true) socket = null
  }, 200)
  return {
    say,
    close() {
      clearInterval(watch)
      socket?.disconnect()
    },
  }
}

/** Resolves with the first such event; throws where the server is not there or goes, and after 5 seconds. */
async function once(socket: ReturnType<typeof io>, event: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => {
      clearTimeout(timer)
      reject(new Error(`no ${event}`))
    }
    const timer = setTimeout(fail, 5_000)
    socket.once('connect_error', fail).once('disconnect', fail)
    socket.once(event, () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

export interface CallbackReceiver {
  readonly url: string
  close(): Promise<void>
}

/** Takes the answers of the callback channel. */
export async function receiveCallbacks(history: History): Promise<CallbackReceiver> {
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', chunk => (text += String(chunk)))
    request.on('end', () => {
      const { recipient_id: sender } = JSON.parse(text) as { recipient_id: string }
      receive(history, sender, [JSON.parse(text)])
      response.end('ok')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answers`,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Writes the parts of an answer down. */
function receive(
  history: History,
  sender: string,
  answers: unknown,
  how: Pick<Reply, 'socket' | 'isRetold'> = {},
): void {
  for (const answer of Array.isArray(answers) ? (answers as { text?: unknown }[]) : []) {
    const part = readPart(answer.text)
    if (part === null) continue
    history.replies.push({ sender, ...part, at: performance.now(), ...how })
  }
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))
