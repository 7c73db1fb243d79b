// Waits until replicas have what was written: one WAIT for all turns that were saved meanwhile, for it holds up its
// connection. It narrows what a failover can lose and never closes the gap.

import { Cluster } from 'ioredis'
import type { RedisClient } from './connect-redis.ts'
import { asking, unavailable } from './redis-errors.ts'

/** Milliseconds that replicas get. */
const PATIENCE = 1_000

export class ReplicaWait {
  readonly #redis: RedisClient
  readonly #replicas: number
  #running: Promise<unknown> = Promise.resolve()
  #next: Promise<void> | null = null

  constructor(redis: RedisClient, replicas: number) {
    this.#redis = redis
    this.#replicas = replicas
  }

  /** Resolves when enough replicas have all that was sent before; throws CodedError `store.unavailable` where they do not. */
  async confirm(): Promise<void> {
    // Nodes of a Cluster have replicas of their own, and a command without a key cannot be led to one.
    if (this.#replicas === 0 || this.#redis instanceof Cluster) return
    this.#next ??= this.#afterRunning()
    return this.#next
  }

  async #afterRunning(): Promise<void> {
    await this.#running.catch(() => undefined)
    this.#next = null
    const asked = asking(() => this.#redis.wait(this.#replicas, PATIENCE))
    this.#running = asked
    const confirmed = await asked
    if (confirmed < this.#replicas) {
      throw unavailable(new Error(`${confirmed} of ${this.#replicas} replicas have confirmed the turn.`))
    }
  }
}
