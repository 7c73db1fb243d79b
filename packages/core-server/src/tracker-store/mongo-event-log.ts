// The log of a MongoDB store: turns by their place in it. Turns are inserted by many and have no common order, so whoever
// reads gives places to those that have none yet: the next free number each, without gaps, so that none appears behind a
// reader.

import type { EventLog, LogCursor, LogEntry } from './event-log.ts'
import { askingMongo, isDuplicate } from './mongo-errors.ts'
import type { MongoCollections, TurnDocument } from './open-mongo.ts'
import { turnEvents } from './turn-text.ts'

/** Turns that get their places at once. */
const TURNS_AT_ONCE = 500

type NewTurn = Pick<TurnDocument, '_id' | 'sender' | 'number' | 'time'>

export class MongoEventLog implements EventLog {
  readonly #collections: MongoCollections

  constructor(collections: MongoCollections) {
    this.#collections = collections
  }

  async read(
    after: LogCursor,
    limit: number,
  ): Promise<{ readonly entries: readonly LogEntry[]; readonly cursor: LogCursor }> {
    return askingMongo(async () => {
      // More than is read at once gets its places with the next reading.
      await this.#placeSome()
      const { position, read } = placeOf(after)
      const { log, turns } = this.#collections
      const filter = { _id: { $gte: position } }
      const places = await log
        .find(filter)
        .sort({ _id: 1 })
        .limit(limit + 1)
        .toArray()
      const ids = places.map(({ turn }) => turn)
      const projection = { sender: 1, text: 1 }
      const found = await turns.find({ _id: { $in: ids } }, { projection }).toArray()
      const byId = new Map(found.map(turn => [turn._id, turn]))
      const entries: LogEntry[] = []
      let cursor = after
      for (const { _id: place, turn } of places) {
        // An erased turn has its place still, and nothing in it.
        const { sender = '', text = '' } = byId.get(turn) ?? {}
        const events = turnEvents(text)
        const start = place === position ? read : 0
        for (const [index, event] of events.entries()) {
          if (index < start) continue
          if (entries.length === limit) return { entries, cursor }
          entries.push({ id: `${place}.${index}`, sender, event })
          cursor = index + 1 === events.length ? String(place) : `${place}.${index + 1}`
        }
        if (events.length === 0) cursor = String(Math.max(place, position))
      }
      return { entries, cursor }
    })
  }

  async end(): Promise<LogCursor> {
    // Of a long history each step has its own time.
    while (await askingMongo(() => this.#placeSome()));
    const last = await askingMongo(() => this.#last())
    return last === 0 ? '' : String(last)
  }

  async place(reader: string): Promise<LogCursor | null> {
    return (await askingMongo(() => this.#collections.readers.findOne({ _id: reader })))?.cursor ?? null
  }

  async keepPlace(reader: string, cursor: LogCursor): Promise<void> {
    const change = { $set: { cursor }, $setOnInsert: { owner: null, until: 0 } }
    await askingMongo(() => this.#collections.readers.updateOne({ _id: reader }, change, { upsert: true }))
  }

  async claim(reader: string, owner: string, milliseconds: number): Promise<boolean> {
    const { readers } = this.#collections
    const now = Date.now()
    return askingMongo(async () => {
      const free = { _id: reader, $or: [{ owner }, { owner: null }, { until: { $lt: now } }] }
      const change = { $set: { owner, until: now + milliseconds }, $setOnInsert: { cursor: null } }
      try {
        const { matchedCount, upsertedCount } = await readers.updateOne(free, change, { upsert: true })
        return matchedCount + upsertedCount > 0
      } catch (error) {
        // It is there, and another's.
        if (isDuplicate(error)) return false
        throw error
      }
    })
  }

  async #last(): Promise<number> {
    const [last] = await this.#collections.log.find().sort({ _id: -1 }).limit(1).toArray()
    return last?._id ?? 0
  }

  /** Gives places to the oldest turns that have none, each of them one, whoever else is at it; false where all have one. */
  async #placeSome(): Promise<boolean> {
    const { log, turns } = this.#collections
    for (;;) {
      const found = await this.#unplaced()
      if (found.length === 0) return false
      const ids = found.map(({ _id }) => _id)
      const placed = new Set((await log.find({ turn: { $in: ids } }).toArray()).map(({ turn }) => turn))
      const last = await this.#last()
      const rows = ids.filter(id => !placed.has(id)).map((turn, index) => ({ _id: last + 1 + index, turn }))
      try {
        if (rows.length > 0) await log.insertMany(rows, { ordered: true })
      } catch (error) {
        // Another gave places at the same moment: what is left is looked at anew.
        if (isDuplicate(error)) continue
        throw error
      }
      await turns.updateMany({ _id: { $in: ids } }, { $unset: { unlogged: '' } })
      return true
    }
  }

  /**
   * The oldest turns without a place. A search may miss one that was inserted while it went on and find the next one of the
   * conversation: so it is made twice, and what only the second finds counts where it comes before what the first found.
   */
  async #unplaced(): Promise<readonly NewTurn[]> {
    const { turns } = this.#collections
    const projection = { sender: 1, number: 1, time: 1 }
    const order = { time: 1, number: 1 } as const
    const first: readonly NewTurn[] = await turns
      .find({ unlogged: true }, { projection })
      .sort(order)
      .limit(TURNS_AT_ONCE)
      .toArray()
    const latest = new Map<string, number>()
    for (const { sender, number } of first) latest.set(sender, Math.max(latest.get(sender) ?? 0, number))
    const time = { $lte: first.at(-1)?.time ?? 0 }
    const second: readonly NewTurn[] = await turns
      .find({ unlogged: true, time }, { projection })
      .sort(order)
      .toArray()
    return second.filter(({ sender, number }) => number <= (latest.get(sender) ?? 0))
  }
}

/** A cursor is `place`, or `place.events` where only so many of its events are read. */
function placeOf(cursor: LogCursor): { readonly position: number; readonly read: number } {
  const [position = '', read] = cursor.split('.')
  if (read !== undefined) return { position: Number(position), read: Number(read) }
  return { position: Number(position) + 1, read: 0 }
}
