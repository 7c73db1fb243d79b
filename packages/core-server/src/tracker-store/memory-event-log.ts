// The log of a process: bounded, so that a broker that stays away does not fill its memory. What lies beyond is gone, and said.

import type { LoggedEvent } from '@tabula/protocol'
import type { EventLog, LogCursor, LogEntry } from './event-log.ts'

export class MemoryEventLog implements EventLog {
  readonly #bound: number
  readonly #entries: LogEntry[] = []
  readonly #places = new Map<string, LogCursor>()
  /** Ids count up; the first entry kept has this one plus one. */
  #dropped = 0

  constructor(bound: number) {
    this.#bound = bound
  }

  push(sender: string, events: readonly LoggedEvent[]): void {
    for (const event of events) {
      this.#entries.push({ id: String(this.#dropped + this.#entries.length + 1), sender, event })
    }
    const over = this.#entries.length - this.#bound
    // In stretches: taking one off the front of a long array costs as much as taking many.
    if (over > this.#bound / 10) {
      this.#entries.splice(0, over)
      this.#dropped += over
    }
  }

  async read(
    after: LogCursor,
    limit: number,
  ): Promise<{ readonly entries: readonly LogEntry[]; readonly cursor: LogCursor }> {
    const start = Math.max(0, Number(after) - this.#dropped)
    const entries = this.#entries.slice(start, start + limit)
    return { entries, cursor: entries.at(-1)?.id ?? after }
  }

  async end(): Promise<LogCursor> {
    return String(this.#dropped + this.#entries.length)
  }

  async place(reader: string): Promise<LogCursor | null> {
    return this.#places.get(reader) ?? null
  }

  async keepPlace(reader: string, cursor: LogCursor): Promise<void> {
    this.#places.set(reader, cursor)
  }

  claim(): Promise<boolean> {
    return Promise.resolve(true)
  }
}
