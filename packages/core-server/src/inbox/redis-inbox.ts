// The inbox of many processes over one Redis. A ticket is a lease of Redis's clock; who waits is woken by a message, and
// looks for itself only in case that message, or Redis's memory, was lost.

import { randomBytes } from 'node:crypto'
import type { RedisClient } from '../redis/connect-redis.ts'
import { jointScript } from '../redis/joint-scripts.ts'
import { luaScript } from '../redis/lua-scripts.ts'
import type { LuaScript } from '../redis/lua-scripts.ts'
import { unavailable } from '../redis/redis-errors.ts'
import { slotOf } from '../redis/redis-keys.ts'
import type { Log } from '../telemetry/log.ts'
import { inboxClosed, inboxCrowded, inboxFull } from './inbox.ts'
import type { Inbox, InboxBounds, Ticket } from './inbox.ts'

/** Milliseconds. A lease is renewed long before its end, and given up by its holder a second before it. */
export interface LeaseTimes {
  readonly lease: number
  readonly renewal: number
  readonly margin: number
  /** A ticket that was handed over must be claimed in this time. */
  readonly claim: number
  /** How often those who wait make sure that they still do. */
  readonly check: number
}
const LEASE_TIMES: LeaseTimes = { lease: 10_000, renewal: 3_000, margin: 1_000, claim: 2_000, check: 1_500 }

export interface RedisInboxParts {
  readonly redis: RedisClient
  readonly keyPrefix: string
  readonly bounds: InboxBounds
  readonly log: Log
  readonly times?: LeaseTimes
}

interface Waiter {
  readonly id: string
  readonly sender: string
  readonly grant: (waited: boolean) => void
  readonly refuse: (error: unknown) => void
}

interface Held {
  readonly sender: string
  /** By the monotonic clock: a wall clock that is set must not lengthen a lease. */
  renewedAt: number
  isTaken: boolean
}

export class RedisInbox implements Inbox {
  readonly #parts: RedisInboxParts
  readonly #times: LeaseTimes
  readonly #process = randomBytes(9).toString('base64url')
  readonly #wake: string
  readonly #subscriber: RedisClient
  readonly #scripts: Record<'take' | 'extend' | 'release' | 'check', LuaScript>
  readonly #waiting = new Map<string, Waiter>()
  readonly #held = new Map<string, Held>()
  readonly #timers: NodeJS.Timeout[]
  #count = 0
  #failedChecks = 0
  #isClosed = false
  #onEmpty: (() => void) | null = null

  private constructor(parts: RedisInboxParts) {
    const { redis } = parts
    this.#parts = parts
    this.#times = parts.times ?? LEASE_TIMES
    this.#wake = `${parts.keyPrefix}tabula:wake:`
    this.#subscriber = redis.duplicate()
    this.#scripts = {
      take: jointScript(redis, 'inbox', 'take-3.lua'),
      extend: luaScript(redis, 'inbox', 'extend-2.lua'),
      release: jointScript(redis, 'inbox', 'release-3.lua'),
      check: luaScript(redis, 'inbox', 'check-3.lua'),
    }
    this.#timers = [
      setInterval(() => void this.#renew(), this.#times.renewal),
      setInterval(() => void this.#check(), this.#times.check),
    ]
  }

  /** An inbox that hears when it is served. It does not own the client. */
  static async open(parts: RedisInboxParts): Promise<RedisInbox> {
    const inbox = new RedisInbox(parts)
    await inbox.#listen()
    return inbox
  }

  admit(): void {
    const atOnce = this.#held.size + this.#waiting.size
    if (atOnce >= this.#parts.bounds.waitingInAll) throw inboxCrowded(atOnce)
  }

  async take(sender: string): Promise<Ticket> {
    if (this.#isClosed) throw inboxClosed()
    this.admit()
    const id = `${this.#process}/${(this.#count += 1).toString(36)}`
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    // Known before it is asked for: the wake may come before the answer.
    this.#waiting.set(id, { id, sender, grant: resolve, refuse: reject })
    this.#ask(id, sender)
    const waited = await promise
    return this.#ticket(id, sender, waited)
  }

  async close(grace: number): Promise<void> {
    if (this.#waiting.size > 0 || this.#held.size > 0) {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      const timer = setTimeout(resolve, grace)
      this.#onEmpty = () => {
        resolve(undefined)
      }
      await promise
      clearTimeout(timer)
    }
    this.#isClosed = true
    for (const timer of this.#timers) clearInterval(timer)
    const left = [...this.#waiting.values()]
    for (const waiter of left) this.#refuse(waiter.id, inboxClosed())
    await Promise.all([
      ...left.map(({ id, sender }) => this.#giveBack(id, sender)),
      ...[...this.#held].map(([id, { sender }]) => this.#giveBack(id, sender)),
    ])
    this.#held.clear()
    this.#subscriber.disconnect()
  }

  #ask(id: string, sender: string): void {
    const { lease, claim } = this.#times
    const args = [id, lease, claim, this.#parts.bounds.waitingPerSender, this.#wake]
    const asked = performance.now()
    this.#scripts.take(this.#keys(sender), args).then(
      answer => {
        const [state, number] = answer as [number, number]
        if (state === 1) this.#grant(id, asked, false)
        else if (state === -1) this.#refuse(id, inboxFull(number))
      },
      (error: unknown) => {
        this.#refuse(id, error)
        // It may be sent yet, when the connection is back, and nobody would be there to hold it.
        void this.#giveBack(id, sender)
      },
    )
  }

  #grant(id: string, since: number, waited: boolean): void {
    const waiter = this.#waiting.get(id)
    if (waiter === undefined) return
    this.#waiting.delete(id)
    this.#held.set(id, { sender: waiter.sender, renewedAt: since, isTaken: false })
    waiter.grant(waited)
  }

  #refuse(id: string, error: unknown): void {
    const waiter = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiter?.refuse(error)
    this.#tellIfEmpty()
  }

  #ticket(id: string, sender: string, waited: boolean): Ticket {
    const isLost = (): boolean => {
      const held = this.#held.get(id)
      if (held === undefined || held.isTaken) return true
      return performance.now() - held.renewedAt > this.#times.lease - this.#times.margin
    }
    return {
      waited,
      isLost,
      release: async () => {
        if (!this.#held.delete(id)) return
        await this.#giveBack(id, sender)
        this.#tellIfEmpty()
      },
    }
  }

  async #giveBack(id: string, sender: string): Promise<void> {
    try {
      await this.#scripts.release(this.#keys(sender), [id, this.#times.claim, this.#wake])
    } catch (err) {
      this.#parts.log.debug(
        { code: 'inbox.release', err, sender },
        'A ticket was not given back; it expires.',
      )
    }
  }

  async #listen(): Promise<void> {
    this.#subscriber.on('error', () => undefined)
    this.#subscriber.on('message', (_channel: string, id: string) => {
      this.#served(id)
    })
    await this.#subscriber.subscribe(this.#wake + this.#process)
  }

  /** A ticket was handed over: it is claimed with the full lease, who gave up has given it back already. */
  #served(id: string): void {
    const waiter = this.#waiting.get(id)
    if (waiter === undefined) return
    this.#grant(id, performance.now(), true)
    void this.#extend(id, waiter.sender)
  }

  async #renew(): Promise<void> {
    await Promise.all([...this.#held].map(([id, { sender }]) => this.#extend(id, sender)))
  }

  async #extend(id: string, sender: string): Promise<void> {
    const asked = performance.now()
    try {
      const answer = await this.#scripts.extend(this.#keys(sender).slice(0, 2), [id, this.#times.lease])
      const held = this.#held.get(id)
      if (held === undefined) return
      if (answer === 1) held.renewedAt = asked
      else held.isTaken = true
    } catch (err) {
      this.#parts.log.debug({ code: 'inbox.renewal', err, sender }, 'A lease was not renewed.')
    }
  }

  /** For each sender that is waited for here. Twice without an answer means that nobody can be served. */
  async #check(): Promise<void> {
    const waiting = Map.groupBy(this.#waiting.values(), waiter => waiter.sender)
    if (waiting.size === 0) return
    try {
      await Promise.all([...waiting].map(([sender, waiters]) => this.#checkSender(sender, waiters)))
      this.#failedChecks = 0
    } catch (error) {
      this.#failedChecks += 1
      if (this.#failedChecks < 2) return
      for (const waiter of [...waiting.values()].flat()) {
        this.#refuse(waiter.id, unavailable(error))
        void this.#giveBack(waiter.id, waiter.sender)
      }
    }
  }

  async #checkSender(sender: string, waiters: readonly Waiter[]): Promise<void> {
    const asked = performance.now()
    const ids = waiters.map(waiter => waiter.id)
    const held = await this.#scripts.check(this.#keys(sender), [this.#times.claim, this.#wake, ...ids])
    if (typeof held !== 'string' || !this.#waiting.has(held)) return
    this.#grant(held, asked, true)
    void this.#extend(held, sender)
  }

  #tellIfEmpty(): void {
    if (this.#waiting.size === 0 && this.#held.size === 0) this.#onEmpty?.()
  }

  #keys(sender: string): readonly [string, string, string] {
    const slot = slotOf(this.#parts.keyPrefix, sender)
    return [`${slot}ticket`, `${slot}holder`, `${slot}inbox`]
  }
}
