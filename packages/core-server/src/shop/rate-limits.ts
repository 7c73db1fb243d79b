// How often one sender and one address may write at the public side. Buckets of tokens, in this process; each process of
// several counts for itself.

import { CodedError } from '@tabula/protocol'

export interface RateSettings {
  /** Messages a second, and how many may come at once; 0 a second switches the limit off. */
  readonly senderRate: number
  readonly senderBurst: number
  readonly addressRate: number
  readonly addressBurst: number
}

/** Buckets that are kept; beyond them the ones untouched for longest are full again anyway. */
const MOST_BUCKETS = 50_000

interface Bucket {
  tokens: number
  /** Seconds. */
  time: number
}

export class RateLimits {
  readonly #settings: RateSettings
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()
  /** Refusals so far, by what they were about. */
  readonly refused = { sender: 0, address: 0 }

  /** `now` in seconds, of any beginning. */
  constructor(settings: RateSettings, now: () => number) {
    this.#settings = settings
    this.#now = now
  }

  /** Throws CodedError `rate.sender` (429). */
  checkSender(sender: string): void {
    this.#take('sender', sender, this.#settings.senderRate, this.#settings.senderBurst)
  }

  /** Throws CodedError `rate.address` (429). */
  checkAddress(address: string): void {
    this.#take('address', address, this.#settings.addressRate, this.#settings.addressBurst)
  }

  #take(kind: 'sender' | 'address', name: string, rate: number, burst: number): void {
    if (rate === 0) return
    const key = `${kind} ${name}`
    const now = this.#now()
    const before = this.#buckets.get(key)
    const tokens = before === undefined ? burst : Math.min(burst, before.tokens + (now - before.time) * rate)
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, time: now })
    if (this.#buckets.size > MOST_BUCKETS) this.#dropOldest()
    if (tokens >= 1) return
    this.refused[kind] += 1
    throw new CodedError(`rate.${kind}`, `More than ${rate} messages a second from this ${kind}.`, {
      status: 429,
      details: { retryAfter: Math.max(1, Math.ceil((1 - tokens) / rate)) },
    })
  }

  #dropOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key)
      return
    }
  }
}
