// Which conversations there are, in the order of their ids' bytes: Redis itself could only search through all keys.

import type { Redis } from 'ioredis'
import { Cluster } from 'ioredis'
import type { RedisClient } from '../redis/connect-redis.ts'
import { asking } from '../redis/redis-errors.ts'
import { rasaKey, slotOf } from '../redis/redis-keys.ts'

export class RedisSenderIndex {
  readonly #redis: RedisClient
  readonly #keyPrefix: string
  readonly #key: string

  constructor(redis: RedisClient, keyPrefix: string) {
    this.#redis = redis
    this.#keyPrefix = keyPrefix
    this.#key = `${keyPrefix}tabula:senders`
  }

  async add(sender: string): Promise<void> {
    await asking(() => this.#redis.zadd(this.#key, 0, sender))
  }

  async remove(sender: string): Promise<void> {
    await asking(() => this.#redis.zrem(this.#key, sender))
  }

  /** Ids after this one, at most `limit`; those whose conversation has expired are taken out on the way. */
  async page(after: string | null, limit: number): Promise<readonly string[]> {
    const found: string[] = []
    let from = after
    while (found.length < limit) {
      const start = from === null ? '-' : `(${from}`
      const wanted = limit - found.length
      const page = await asking(() => this.#redis.zrangebylex(this.#key, start, '+', 'LIMIT', 0, wanted))
      for (const sender of page) {
        if (await this.#exists(sender)) found.push(sender)
        else await this.remove(sender)
      }
      from = page.at(-1) ?? null
      if (page.length < wanted) break
    }
    return found
  }

  /** Lists what Rasa left behind, once: a mark keeps later starts from searching again. */
  async addRasaSenders(): Promise<void> {
    const mark = `${this.#keyPrefix}tabula:searched`
    if ((await asking(() => this.#redis.exists(mark))) === 1) return
    const start = rasaKey(this.#keyPrefix, '')
    for (const node of this.#nodes()) {
      let cursor = '0'
      do {
        const [next, keys] = await asking(() => node.scan(cursor, 'MATCH', `${start}*`, 'COUNT', 1_000))
        const senders = keys.map(key => key.slice(start.length))
        if (senders.length > 0) {
          const members = senders.flatMap(sender => [0, sender] as const)
          await asking(() => this.#redis.zadd(this.#key, ...members))
        }
        cursor = next
      } while (cursor !== '0')
    }
    await asking(() => this.#redis.set(mark, '1'))
  }

  #nodes(): readonly Redis[] {
    return this.#redis instanceof Cluster ? this.#redis.nodes('master') : [this.#redis]
  }

  async #exists(sender: string): Promise<boolean> {
    const own = asking(() => this.#redis.exists(`${slotOf(this.#keyPrefix, sender)}head`))
    const rasas = asking(() => this.#redis.exists(rasaKey(this.#keyPrefix, sender)))
    return (await own) + (await rasas) > 0
  }
}
