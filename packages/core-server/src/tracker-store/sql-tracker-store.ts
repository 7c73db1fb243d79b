// Keeps conversations in Rasa's own `events` table, so that an existing database is used as it is, and what Rasa has
// no place for (revision, reasons) in a table beside it: one row an append, its key being the compare-and-set.

import { randomBytes } from 'node:crypto'
import type { ActionReason } from '@tabula/dialogue'
import type { LoggedEvent } from '@tabula/protocol'
import type { Knex } from 'knex'
import type { OnDue, ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import { SqlReminderScheduler } from '../reminders/sql-reminder-scheduler.ts'
import type { Log } from '../telemetry/log.ts'
import type { EventLog } from './event-log.ts'
import { parseStoredEvent, toRow } from './event-row.ts'
import type { EventRow } from './event-row.ts'
import { announceAppend, SqlEventLog } from './sql-event-log.ts'
import { createTables } from './sql-tables.ts'
import type { TurnRow } from './sql-tables.ts'
import { conflict, isSameRevision, NO_REVISION } from './tracker-store.ts'
import type { Revision, StoredEvents, TrackerStore, TurnReasons } from './tracker-store.ts'

/** Rows of one insert: below SQLite's bound on variables of a statement. */
const ROWS_AT_ONCE = 500

export class SqlTrackerStore implements TrackerStore {
  readonly #knex: Knex
  #isLogRead = false

  /** Use `SqlTrackerStore.open`, which sees to the tables. */
  private constructor(knex: Knex) {
    this.#knex = knex
  }

  /** A store over this connection; makes the tables where they are missing. */
  static async open(knex: Knex): Promise<SqlTrackerStore> {
    await createTables(knex)
    return new SqlTrackerStore(knex)
  }

  async load(sender: string, known?: Revision): Promise<StoredEvents> {
    const head = await this.#head(this.#knex, sender)
    if (known !== undefined && isSameRevision(known, head.revision)) {
      return { revision: head.revision, from: 'known', events: [] }
    }
    if (head.lastEventId === 0) return { revision: head.revision, from: 'start', events: [] }
    const rows = await this.#knex<StoredRow>('events')
      .select('data')
      .where('sender_id', sender)
      .andWhere('id', '<=', head.lastEventId)
      .orderBy('id')
    return { revision: head.revision, from: 'start', events: rows.map(row => parseStoredEvent(row.data)) }
  }

  async append(
    sender: string,
    expected: Revision,
    events: readonly LoggedEvent[],
    why: readonly ActionReason[],
  ): Promise<Revision> {
    if (events.length === 0) return expected
    return this.#knex.transaction(async transaction => {
      if (this.#isLogRead) await announceAppend(transaction)
      const head = await this.#head(transaction, sender)
      if (!isSameRevision(head.revision, expected)) throw conflict(sender)
      return this.#insert(transaction, sender, head.appends, events, why)
    })
  }

  async replace(sender: string, events: readonly LoggedEvent[]): Promise<Revision> {
    return this.#knex.transaction(async transaction => {
      if (this.#isLogRead) await announceAppend(transaction)
      const head = await this.#head(transaction, sender)
      await transaction('events').where('sender_id', sender).delete()
      return this.#insert(transaction, sender, head.appends, events, [])
    })
  }

  async erase(sender: string): Promise<void> {
    await this.#knex.transaction(async transaction => {
      await transaction('events').where('sender_id', sender).delete()
      await transaction('tabula_turns').where('sender_id', sender).delete()
    })
  }

  async why(sender: string): Promise<readonly TurnReasons[]> {
    const rows = await this.#knex<TurnRow>('tabula_turns')
      .select('time', 'why')
      .where('sender_id', sender)
      .whereNotNull('why')
      .orderBy('number')
    return rows.map(row => ({ time: row.time, actions: JSON.parse(row.why ?? '[]') as ActionReason[] }))
  }

  async senders(after: string | null, limit: number): Promise<readonly string[]> {
    const rows = await this.#knex<StoredRow>('events')
      .select('sender_id')
      .where('sender_id', '>', after ?? '')
      .groupBy('sender_id')
      .orderBy('sender_id')
      .limit(limit)
    return rows.map(row => row.sender_id)
  }

  async openLog(): Promise<EventLog> {
    this.#isLogRead = true
    return SqlEventLog.open(this.#knex)
  }

  async openReminders(onDue: OnDue, log: Log): Promise<ReminderScheduler> {
    return SqlReminderScheduler.open(this.#knex, onDue, log)
  }

  async close(): Promise<void> {
    await this.#knex.destroy()
  }

  /** Where the conversation stands. What Rasa wrote behind our last append changes the mark, so it is never overlooked. */
  async #head(knex: Knex, sender: string): Promise<Head> {
    const turn = await knex<TurnRow>('tabula_turns')
      .where('sender_id', sender)
      .orderBy('number', 'desc')
      .first<HeadRow | undefined>('number', 'tail', 'last_event_id', knex.raw(NEWEST_EVENT, [sender]))
    const lastEventId =
      turn === undefined ? await newestEventId(knex, sender) : Number(turn.newest_event_id ?? 0)
    const appends = turn?.number ?? 0
    if (turn !== undefined && Number(turn.last_event_id) === lastEventId) {
      return { revision: { number: turn.number, tail: turn.tail }, appends, lastEventId }
    }
    const revision = lastEventId === 0 ? NO_REVISION : { number: appends, tail: `event ${lastEventId}` }
    return { revision, appends, lastEventId }
  }

  async #insert(
    knex: Knex,
    sender: string,
    appends: number,
    events: readonly LoggedEvent[],
    why: readonly ActionReason[],
  ): Promise<Revision> {
    const rows = events.map(event => toRow(sender, event))
    let lastEventId = 0
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const inserted = await knex<StoredRow>('events')
        .insert(rows.slice(start, start + ROWS_AT_ONCE))
        .returning('id')
      lastEventId = Math.max(lastEventId, Number(inserted.at(-1)?.id ?? 0))
    }
    const revision = { number: appends + 1, tail: randomBytes(12).toString('base64url') }
    await knex('tabula_turns').insert({
      sender_id: sender,
      number: revision.number,
      tail: revision.tail,
      last_event_id: lastEventId,
      time: Date.now() / 1000,
      why: why.length === 0 ? null : JSON.stringify(why),
    })
    return revision
  }
}

/** One question less a turn: the number of the newest event beside the newest append. */
const NEWEST_EVENT = '(select max(id) from events where events.sender_id = ?) as newest_event_id'

interface HeadRow extends Pick<TurnRow, 'number' | 'tail' | 'last_event_id'> {
  readonly newest_event_id: number | string | null
}

/** A row as the database numbers it. */
interface StoredRow extends EventRow {
  readonly id: number | string
}

interface Head {
  readonly revision: Revision
  readonly appends: number
  readonly lastEventId: number
}

/** 0 where there is none. */
async function newestEventId(knex: Knex, sender: string): Promise<number> {
  const row = await knex<StoredRow>('events').where('sender_id', sender).orderBy('id', 'desc').first('id')
  return Number(row?.id ?? 0)
}
