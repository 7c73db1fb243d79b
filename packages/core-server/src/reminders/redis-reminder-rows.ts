// Reminders in Redis: a hash of them by name, the names by the time when they may be delivered, and each sender's names.

import { isRecord } from '../http/body.ts'
import type { RedisClient } from '../redis/connect-redis.ts'
import { luaScript } from '../redis/lua-scripts.ts'
import type { LuaScript } from '../redis/lua-scripts.ts'
import { asking } from '../redis/redis-errors.ts'
import type { ReminderRow, ReminderRows } from './stored-reminder-scheduler.ts'

export class RedisReminderRows implements ReminderRows {
  readonly #redis: RedisClient
  readonly #rows: string
  readonly #times: string
  readonly #scripts: Record<'put' | 'remove' | 'claim' | 'defer', LuaScript>

  constructor(redis: RedisClient, keyPrefix: string) {
    this.#redis = redis
    this.#rows = `{${keyPrefix}tabula:reminders}:rows`
    this.#times = `{${keyPrefix}tabula:reminders}:times`
    this.#scripts = {
      put: luaScript(redis, 'reminders', 'put-2.lua'),
      remove: luaScript(redis, 'reminders', 'remove-2.lua'),
      claim: luaScript(redis, 'reminders', 'claim-2.lua'),
      defer: luaScript(redis, 'reminders', 'defer-2.lua'),
    }
  }

  async put(row: ReminderRow): Promise<void> {
    await this.#scripts.put(this.#keys, [row.name, JSON.stringify(row), row.due])
  }

  async remove(names: readonly string[]): Promise<void> {
    await Promise.all(names.map(name => this.#scripts.remove(this.#keys, [name, ''])))
  }

  async of(sender: string): Promise<readonly ReminderRow[]> {
    const rows = await asking(() => this.#redis.hvals(this.#rows))
    return rows.flatMap(parseRow).filter(row => row.sender === sender)
  }

  async claim(_owner: string, milliseconds: number, limit: number): Promise<readonly ReminderRow[]> {
    const rows = await this.#scripts.claim(this.#keys, [Date.now(), milliseconds, limit])
    return (rows as string[]).flatMap(parseRow)
  }

  async renew(row: ReminderRow, _owner: string, milliseconds: number): Promise<void> {
    await this.#scripts.defer(this.#keys, [row.name, row.key, Date.now() + milliseconds, ''])
  }

  async done({ name, key }: ReminderRow): Promise<void> {
    await this.#scripts.remove(this.#keys, [name, key])
  }

  async failed(row: ReminderRow): Promise<void> {
    const next = JSON.stringify({ ...row, tries: row.tries + 1 })
    const until = Date.now() + this.#retry
    await this.#scripts.defer(this.#keys, [row.name, row.key, until, next])
  }

  /** Milliseconds before a delivery that failed is tried again. */
  readonly #retry = 250

  get #keys(): readonly [string, string] {
    return [this.#rows, this.#times]
  }
}

function parseRow(text: string): readonly ReminderRow[] {
  const row: unknown = JSON.parse(text)
  return isRecord(row) ? [row as unknown as ReminderRow] : []
}
