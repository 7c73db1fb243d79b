// Carries answers to the sockets of all processes over one stream in Redis. Every process reads it from front to back and
// emits to its own sockets what it reads, what it said itself too: so a socket gets the answers of its conversation in the
// order in which they were said, whichever processes said them, and a connection to Redis that breaks loses and doubles
// none. (socket.io's own adapters emit at once what was said here, which overtakes what was said elsewhere before.)

import { randomBytes } from 'node:crypto'
import type { JsonValue } from '@tabula/protocol'
import type { RedisClient } from '../redis/connect-redis.ts'
import { asking } from '../redis/redis-errors.ts'
import type { Log } from '../telemetry/log.ts'

/** Emits to the sockets of this process that are in the room. */
export type Deliver = (room: string, event: string, payload: JsonValue) => void

export interface SocketRelay {
  /** Sets who emits; what is read before is passed over. */
  onMessage(deliver: Deliver): void
  /** Resolves when it is kept: nothing that is said later overtakes it. Throws CodedError `store.unavailable` (503). */
  send(room: string, event: string, payload: JsonValue): Promise<void>
  /** Resolves when what was sent from here is emitted here, or after a second. */
  settled(): Promise<void>
  close(): void
}

/** Entries that are kept for processes that lag behind, fewer where they are long: so many characters of them. */
const KEPT = 10_000
const KEPT_SIZE = 100_000_000
/** Entries that are read at once, and their characters. */
const READ = 100
const READ_SIZE = 5_000_000
const FORGETTING = 0.99
/** Milliseconds that Redis may hold up a read, which must be less than a command may take, and before one is tried again. */
const BLOCK = 2_000
const RETRY = 100
/** Milliseconds that an answer may hold up what comes after it at its socket. */
const PATIENCE = 1_000
/** Processes whose last number is remembered. */
const MOST_PROCESSES = 1_000

/** Sockets of one process alone. */
export class LocalSocketRelay implements SocketRelay {
  #deliver: Deliver | null = null

  onMessage(deliver: Deliver): void {
    this.#deliver = deliver
  }

  async send(room: string, event: string, payload: JsonValue): Promise<void> {
    this.#deliver?.(room, event, payload)
  }

  async settled(): Promise<void> {
    // It was emitted when it was sent.
  }

  close(): void {
    this.#deliver = null
  }
}

/** The Redis of all processes. Reading has a connection of its own, for it holds up what else goes over it. */
export interface SharedRedis {
  readonly redis: RedisClient
  readonly keyPrefix: string
}

/** The relay over what all processes share; nothing where there is none, or no socket channel. */
export async function openSocketRelay(
  shared: SharedRedis | null,
  credentials: Readonly<Record<string, unknown>> | undefined,
  log: Log,
): Promise<{ readonly sockets?: SocketRelay }> {
  if (shared === null || credentials === undefined || !('socketio' in credentials)) return {}
  return { sockets: await RedisSocketRelay.open(shared, log) }
}

export class RedisSocketRelay implements SocketRelay {
  readonly #redis: RedisClient
  readonly #log: Log
  readonly #reader: RedisClient
  readonly #stream: string
  readonly #process = randomBytes(9).toString('base64url')
  /** The last number that was read of each process: a command that was sent twice is there twice. */
  readonly #seen = new Map<string, number>()
  #deliver: Deliver | null = null
  /** Characters of an entry lately: the longest counts at once, and is forgotten over some hundred others. */
  #size = 1
  #sent = 0
  #waiting: { readonly number: number; readonly resolve: () => void }[] = []
  #isClosed = false

  private constructor({ redis, keyPrefix }: SharedRedis, log: Log) {
    this.#redis = redis
    this.#log = log
    this.#reader = redis.duplicate()
    this.#reader.on('error', () => undefined)
    this.#stream = `${keyPrefix}tabula:sockets`
  }

  /** A relay that reads from now on. It does not own the client. */
  static async open(shared: SharedRedis, log: Log): Promise<RedisSocketRelay> {
    const relay = new RedisSocketRelay(shared, log)
    const [last] = await asking(() => shared.redis.xrevrange(relay.#stream, '+', '-', 'COUNT', 1))
    void relay.#read(last?.[0] ?? '0-0')
    return relay
  }

  onMessage(deliver: Deliver): void {
    this.#deliver = deliver
  }

  async send(room: string, event: string, payload: JsonValue): Promise<void> {
    const number = (this.#sent += 1)
    const entry = JSON.stringify([this.#process, number, room, event, payload])
    this.#size = Math.max(entry.length, this.#size)
    const kept = this.#most(KEPT, KEPT_SIZE)
    await asking(() => this.#redis.xadd(this.#stream, 'MAXLEN', '~', kept, '*', 'm', entry))
  }

  async settled(): Promise<void> {
    const number = this.#sent
    if ((this.#seen.get(this.#process) ?? 0) >= number) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, PATIENCE)
      this.#waiting.push({
        number,
        resolve() {
          clearTimeout(timer)
          resolve()
        },
      })
    })
  }

  close(): void {
    this.#isClosed = true
    this.#reader.disconnect()
  }

  async #read(from: string): Promise<void> {
    let last = from
    while (!this.#isClosed) {
      try {
        const count = this.#most(READ, READ_SIZE)
        const answer = await this.#reader.xread('COUNT', count, 'BLOCK', BLOCK, 'STREAMS', this.#stream, last)
        for (const [id, fields] of answer?.[0]?.[1] ?? []) {
          last = id
          this.#emit(fields[1] ?? '')
        }
      } catch (err) {
        this.#log.debug({ code: 'sockets.read', err }, 'Answers for sockets could not be read.')
        await new Promise(resolve => setTimeout(resolve, RETRY))
      }
    }
  }

  /** So many entries, or as many as there are in so many characters. */
  #most(entries: number, size: number): number {
    return Math.min(entries, Math.ceil(size / this.#size))
  }

  #emit(text: string): void {
    this.#size = Math.max(text.length, this.#size * FORGETTING)
    const [origin, number, room, event, payload] = JSON.parse(text) as Entry
    const seen = this.#seen.get(origin) ?? 0
    if (number <= seen) return
    this.#seen.delete(origin)
    this.#seen.set(origin, number)
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= MOST_PROCESSES) break
      this.#seen.delete(oldest)
    }
    this.#deliver?.(room, event, payload)
    if (origin !== this.#process) return
    for (const waiter of this.#waiting) if (waiter.number <= number) waiter.resolve()
    this.#waiting = this.#waiting.filter(waiter => waiter.number > number)
  }
}

/** Process, number of the entry within it, room, event, payload. */
type Entry = readonly [string, number, string, string, JsonValue]
