// What keeps one socket from doing harm: a bound on how fast it sends, and sessions that belong to the user who began them.

import { createHash, randomBytes } from 'node:crypto'
import type { Socket } from 'socket.io'
import { LIMITS } from '../config/limits.ts'
import type { Visitor } from './webhook-access.ts'

const WINDOW = 10_000

/** True for a message beyond `rate` in the last ten seconds; 0 bounds nothing. */
export function createRateCheck(rate: number, now: () => number = () => performance.now()): () => boolean {
  let begun = now()
  let count = 0
  return () => {
    if (now() - begun > WINDOW) {
      begun = now()
      count = 0
    }
    count += 1
    return rate > 0 && count > rate
  }
}

/** 128 random bits, and the hash of them with the user's name: whose session it is, any process can tell at any time. */
const BOUND = /^([0-9a-f]{32})([0-9a-f]{32})$/

/** The id of a new session, which of users who are known by token nobody else can use. */
export function newSession(visitor: Visitor): string {
  const random = randomBytes(16).toString('hex')
  return visitor.kind === 'anyone' ? random : `${random}${markOf(random, visitor.name)}`
}

function markOf(random: string, name: string): string {
  return createHash('sha256').update(`${random} ${name}`).digest('hex').slice(0, 32)
}

/**
 * Where users are known by token, a session is the user's whose name is in its id; one of another server is its first
 * user's. Where nobody is asked for a token, a session is whoever's knows its id, as in Rasa.
 */
export class SessionOwners {
  readonly #owners = new Map<string, string>()

  mayUse(session: string, visitor: Visitor): boolean {
    const [, random, mark] = BOUND.exec(session) ?? []
    if (random !== undefined && visitor.kind === 'user') return mark === markOf(random, visitor.name)
    const owner = this.#owners.get(session)
    if (visitor.kind === 'anyone') return owner === undefined
    if (owner !== undefined) return owner === visitor.name
    if (this.#owners.size >= LIMITS.socketSessions) {
      for (const [oldest] of this.#owners) {
        this.#owners.delete(oldest)
        break
      }
    }
    this.#owners.set(session, visitor.name)
    return true
  }
}

/** What engine.io names private, and has no other word for; of version 2 to 4 alike. */
interface Connection {
  readonly writeBuffer?: readonly { readonly data?: unknown }[]
  readonly transport: { readonly socket?: WebSocketParts }
}
interface WebSocketParts {
  readonly bufferedAmount?: number
  readonly _socket?: { readonly _handle?: { readonly writeQueueSize?: number } | null } | null
}

/** Characters that wait in this process for a socket to read them. */
export function unreadOf({ conn }: Socket): number {
  const { writeBuffer = [], transport } = conn as unknown as Connection
  let waiting = 0
  for (const { data } of writeBuffer) waiting += typeof data === 'string' ? data.length : 0
  // Only a WebSocket has this; what it could not hand to the system waits there.
  return waiting + (transport.socket?.bufferedAmount ?? 0)
}

/** Bytes of the last write that the system has not taken: it changes while the other side reads. */
export function unwrittenOf({ conn }: Socket): number {
  const { transport } = conn as unknown as Connection
  return transport.socket?._socket?._handle?.writeQueueSize ?? 0
}

export function isOpen({ conn }: Socket): boolean {
  return conn.readyState === 'open'
}
