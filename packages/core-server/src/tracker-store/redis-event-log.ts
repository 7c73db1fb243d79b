// The log of a Redis store: a stream with one note an append, written before it. The turns themselves lie with their
// conversations, which may be on other nodes; a note without its turn is one that was never saved, or is not yet.

import type { RedisClient } from '../redis/connect-redis.ts'
import { luaScript } from '../redis/lua-scripts.ts'
import type { LuaScript } from '../redis/lua-scripts.ts'
import { asking } from '../redis/redis-errors.ts'
import { slotOf } from '../redis/redis-keys.ts'
import type { EventLog, LogCursor, LogEntry } from './event-log.ts'
import { turnEvents } from './turn-text.ts'

/** Milliseconds after which a note's append has been, if it ever will be: longer than a command may take. */
const SETTLED = 10_000
/** Notes that are kept for a broker that stays away. */
const MOST_NOTES = 1_000_000

export class RedisEventLog implements EventLog {
  readonly #redis: RedisClient
  readonly #keyPrefix: string
  readonly #claim: LuaScript

  constructor(redis: RedisClient, keyPrefix: string) {
    this.#redis = redis
    this.#keyPrefix = keyPrefix
    this.#claim = luaScript(redis, 'tracker-store', 'claim-1.lua')
  }

  /** Notes that a turn of this number and tail is about to be saved. */
  async announce(sender: string, number: number, tail: string): Promise<void> {
    const fields = ['sender', sender, 'number', number, 'tail', tail]
    await asking(() => this.#redis.xadd(this.#stream, 'MAXLEN', '~', MOST_NOTES, '*', ...fields))
  }

  async read(
    after: LogCursor,
    limit: number,
  ): Promise<{ readonly entries: readonly LogEntry[]; readonly cursor: LogCursor }> {
    const [start = '', part = '0'] = after.split('/')
    const notes = await asking(() =>
      this.#redis.xrange(this.#stream, start === '' ? '-' : start, '+', 'COUNT', limit + 1),
    )
    const entries: LogEntry[] = []
    let cursor = after
    for (const [id, fields] of notes) {
      const events = await this.#turn(fields)
      if (events === null && Date.now() - Number(id.split('-')[0]) < SETTLED) break
      // Of the note that the cursor stands at, so many events were read before.
      const done = id === start ? Number(part) : 0
      for (const [index, event] of (events ?? []).entries()) {
        if (index < done) continue
        if (entries.length === limit) return { entries, cursor }
        cursor = `${id}/${index + 1}`
        entries.push({ id: `${id}/${index}`, sender: fields[1] ?? '', event })
      }
      if (events === null || events.length === 0) cursor = `${id}/0`
    }
    return { entries, cursor }
  }

  async end(): Promise<LogCursor> {
    const [last] = await asking(() => this.#redis.xrevrange(this.#stream, '+', '-', 'COUNT', 1))
    if (last === undefined) return ''
    const events = await this.#turn(last[1])
    return `${last[0]}/${events?.length ?? 0}`
  }

  async place(reader: string): Promise<LogCursor | null> {
    return asking(() => this.#redis.hget(this.#readers, reader))
  }

  async keepPlace(reader: string, cursor: LogCursor): Promise<void> {
    await asking(() => this.#redis.hset(this.#readers, reader, cursor))
  }

  async claim(reader: string, owner: string, milliseconds: number): Promise<boolean> {
    const key = `${this.#keyPrefix}tabula:log:claim:${reader}`
    return (await this.#claim([key], [owner, milliseconds])) === 1
  }

  /** The events of the turn that a note speaks of; null where it is not there. */
  async #turn([, sender = '', , number = '0', , tail = '']: readonly string[]): Promise<ReturnType<
    typeof turnEvents
  > | null> {
    const slot = slotOf(this.#keyPrefix, sender)
    const base = Number((await asking(() => this.#redis.hget(`${slot}head`, 'base'))) ?? 0)
    if (Number(number) <= base) return null
    const turn = await asking(() => this.#redis.lindex(`${slot}turns`, Number(number) - base - 1))
    return turn?.startsWith(`${tail}\n`) === true || turn === tail ? turnEvents(turn) : null
  }

  get #stream(): string {
    return `${this.#keyPrefix}tabula:log`
  }

  get #readers(): string {
    return `${this.#keyPrefix}tabula:log:readers`
  }
}
