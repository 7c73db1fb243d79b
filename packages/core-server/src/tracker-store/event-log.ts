// All events of all conversations in the order in which they were stored: what brokers are fed from. A reader keeps its
// place in it, so nothing is lost while a broker is away or the process ends.

import type { LoggedEvent } from '@tabula/protocol'

export interface LogEntry {
  /** The same for the same event, however often it is read. */
  readonly id: string
  readonly sender: string
  readonly event: LoggedEvent
}

/** A place in the log: an opaque text; `''` is its beginning. */
export type LogCursor = string

export interface EventLog {
  /** At most `limit` events behind the cursor, oldest first, and the place behind the last of them. */
  read(
    after: LogCursor,
    limit: number,
  ): Promise<{ readonly entries: readonly LogEntry[]; readonly cursor: LogCursor }>
  /** The place behind all events that are stored now. */
  end(): Promise<LogCursor>
  /** Where the reader of that name has come to; null for one that has not read yet. */
  place(reader: string): Promise<LogCursor | null>
  keepPlace(reader: string, cursor: LogCursor): Promise<void>
  /** Whether `owner` may read for the reader in the next `milliseconds`: one at a time over all processes. */
  claim(reader: string, owner: string, milliseconds: number): Promise<boolean>
}
