// The log of a SQL store: Rasa's `events` table in the order of its ids, and the readers' places in a table of ours.

import type { Knex } from 'knex'
import { parseStoredEvent } from './event-row.ts'
import type { EventLog, LogCursor, LogEntry } from './event-log.ts'
import { isPostgres } from './sql-tables.ts'

const READERS = 'tabula_log_readers'

export class SqlEventLog implements EventLog {
  readonly #knex: Knex

  private constructor(knex: Knex) {
    this.#knex = knex
  }

  /** A log over this connection; makes the readers' table where it is missing. */
  static async open(knex: Knex): Promise<SqlEventLog> {
    if (!(await knex.schema.hasTable(READERS))) {
      await knex.schema.createTable(READERS, table => {
        table.string('reader', 255).primary()
        table.string('cursor', 64)
        table.string('owner', 64)
        table.double('until').notNullable().defaultTo(0)
      })
    }
    return new SqlEventLog(knex)
  }

  async read(
    after: LogCursor,
    limit: number,
  ): Promise<{ readonly entries: readonly LogEntry[]; readonly cursor: LogCursor }> {
    const last = await this.#settledId()
    const rows = await this.#knex<{ id: number | string; sender_id: string; data: string }>('events')
      .select('id', 'sender_id', 'data')
      .where('id', '>', idOf(after))
      .andWhere('id', '<=', last)
      .orderBy('id')
      .limit(limit)
    const entries = rows.map(row => ({
      id: String(row.id),
      sender: row.sender_id,
      event: parseStoredEvent(row.data),
    }))
    return { entries, cursor: entries.at(-1)?.id ?? after }
  }

  async end(): Promise<LogCursor> {
    return String(await this.#settledId())
  }

  async place(reader: string): Promise<LogCursor | null> {
    const row = await this.#knex<{ cursor: string | null }>(READERS).where('reader', reader).first('cursor')
    return row?.cursor ?? null
  }

  async keepPlace(reader: string, cursor: LogCursor): Promise<void> {
    await this.#knex(READERS).insert({ reader, cursor }).onConflict('reader').merge(['cursor'])
  }

  async claim(reader: string, owner: string, milliseconds: number): Promise<boolean> {
    const now = Date.now()
    await this.#knex(READERS).insert({ reader }).onConflict('reader').ignore()
    const claimed = await this.#knex(READERS)
      .where('reader', reader)
      .andWhere(free => void free.where('owner', owner).orWhereNull('owner').orWhere('until', '<', now))
      .update({ owner, until: now + milliseconds })
    return claimed > 0
  }

  /**
   * The newest id below which no append is still under way. PostgreSQL hands out ids before it commits, so a smaller id
   * may appear after a larger one: appends share a lock that this waits for (see LOG_LOCK).
   */
  async #settledId(): Promise<number> {
    const newest = async (knex: Knex): Promise<number> => {
      const row = await knex<{ id: number }>('events').max({ newest: 'id' }).first<{ newest: unknown }>()
      return Number(row.newest ?? 0)
    }
    if (!isPostgres(this.#knex)) return newest(this.#knex)
    return this.#knex.transaction(async transaction => {
      await transaction.raw('select pg_advisory_xact_lock(?)', [LOG_LOCK])
      return newest(transaction)
    })
  }
}

/** The lock that appends on PostgreSQL take shared and the log's reader exclusively, each to the end of its transaction. */
export const LOG_LOCK = 7_303_014

/** To be called first in a transaction that appends events, where brokers read the log. */
export async function announceAppend(transaction: Knex): Promise<void> {
  if (isPostgres(transaction)) await transaction.raw('select pg_advisory_xact_lock_shared(?)', [LOG_LOCK])
}

function idOf(cursor: LogCursor): number {
  return cursor === '' ? 0 : Number(cursor)
}
