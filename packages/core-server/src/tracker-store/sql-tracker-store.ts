// Keeps conversations in Rasa's own `events` table, so that an existing database is used as it is, and what Rasa has
// no place for (revision, reasons) in a table beside it: one row an append, its key being the compare-and-set.

import { randomBytes } from 'node:crypto'
import type { LoggedEvent } from '@tabula/protocol'
import type { Knex } from 'knex'
import type { OnDue, ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import { SqlReminderRows } from '../reminders/sql-reminder-rows.ts'
import { StoredReminderScheduler } from '../reminders/stored-reminder-scheduler.ts'
import type { Log } from '../telemetry/log.ts'
import type { EventLog } from './event-log.ts'
import { parseStoredEvent, toRow } from './event-row.ts'
import type { EventRow } from './event-row.ts'
import { announceAppend, SqlEventLog } from './sql-event-log.ts'
import type { HandledMessage } from './message-ledger.ts'
import { askingSql, isDuplicate } from './sql-errors.ts'
import { SqlMessageLedger } from './sql-message-ledger.ts'
import { createTables, forgetDeleted, isPostgres } from './sql-tables.ts'
import type { TurnRow } from './sql-tables.ts'
import { conflict, isSameRevision, NO_REVISION, reasonsTime } from './tracker-store.ts'
import type { KeptReason, Revision, StoredEvents, TrackerStore, TurnReasons } from './tracker-store.ts'

/** Rows of one insert: below SQLite's bound on variables of a statement. */
const ROWS_AT_ONCE = 500
/** Characters of a probe. */
const PROBE_SIZE = 16_384

export class SqlTrackerStore implements TrackerStore {
  readonly messages: SqlMessageLedger
  readonly #knex: Knex
  #isLogRead = false

  /** Use `SqlTrackerStore.open`, which sees to the tables. */
  private constructor(knex: Knex) {
    this.#knex = knex
    this.messages = new SqlMessageLedger(knex)
  }

  /** A store over this connection; makes the tables where they are missing. */
  static async open(knex: Knex): Promise<SqlTrackerStore> {
    await createTables(knex)
    return new SqlTrackerStore(knex)
  }

  async load(sender: string, known: Revision = NO_REVISION): Promise<StoredEvents> {
    return askingSql(async () => {
      const { revision, lastEventId, waiting } = await this.#head(this.#knex, sender)
      if (lastEventId === 0) return { revision, from: 'start', events: [], waiting }
      if (isSameRevision(known, revision)) return { revision, from: 'known', events: [], waiting }
      const readUntil = await this.#eventsKnown(sender, known)
      const rows = await this.#knex<StoredRow>('events')
        .select('data')
        .where('sender_id', sender)
        .andWhereBetween('id', [(readUntil ?? 0) + 1, lastEventId])
        .orderBy('id')
      const events = rows.map(row => parseStoredEvent(row.data))
      return { revision, from: readUntil === null ? 'start' : 'known', events, waiting }
    })
  }

  async append(
    sender: string,
    expected: Revision,
    events: readonly LoggedEvent[],
    why: readonly KeptReason[],
    handled?: HandledMessage,
  ): Promise<Revision> {
    if (events.length === 0 && handled === undefined) return expected
    return this.#changing(sender, async transaction => {
      const head = await this.#head(transaction, sender)
      if (!isSameRevision(head.revision, expected)) throw conflict(sender)
      if (handled !== undefined) await this.messages.handled(transaction, sender, handled)
      return events.length === 0 ? expected : this.#insert(transaction, sender, head, events, why)
    })
  }

  async replace(sender: string, events: readonly LoggedEvent[]): Promise<Revision> {
    return this.#changing(sender, async transaction => {
      const head = await this.#head(transaction, sender)
      await transaction('events').where('sender_id', sender).delete()
      // Whoever knows one of these turns has to read all again.
      await transaction('tabula_turns').where('sender_id', sender).delete()
      return this.#insert(transaction, sender, { ...head, lastEventId: 0 }, events, [])
    })
  }

  async erase(sender: string): Promise<void> {
    await this.#changing(sender, async transaction => {
      await transaction('events').where('sender_id', sender).delete()
      await transaction('tabula_turns').where('sender_id', sender).delete()
      await this.messages.erase(transaction, sender)
    })
    await forgetDeleted(this.#knex)
  }

  async why(sender: string): Promise<readonly TurnReasons[]> {
    const rows = await askingSql(() =>
      this.#knex<TurnRow>('tabula_turns')
        .select('time', 'why')
        .where('sender_id', sender)
        .whereNotNull('why')
        .orderBy('number'),
    )
    return rows.map(row => ({ time: row.time, actions: JSON.parse(row.why ?? '[]') as KeptReason[] }))
  }

  async senders(after: string | null, limit: number): Promise<readonly string[]> {
    const id = isPostgres(this.#knex) ? 'sender_id COLLATE "C"' : 'sender_id'
    const rows = await askingSql(() =>
      this.#knex<StoredRow>('events')
        .select('sender_id')
        .groupBy('sender_id')
        .whereRaw(`${id} > ?`, [after ?? ''])
        .orderByRaw(id)
        .limit(limit),
    )
    return rows.map(row => row.sender_id)
  }

  async leaveToRasa(): Promise<void> {
    // The table of events is Rasa's own.
  }

  async probe(): Promise<void> {
    // No sender is empty. What is written is as large as a turn, so that a full disk shows.
    const row = {
      sender_id: '',
      number: 0,
      tail: randomBytes(12).toString('base64url'),
      last_event_id: 0,
      time: 0,
    }
    await askingSql(() =>
      this.#knex.transaction(async transaction => {
        await transaction('tabula_turns').where('sender_id', '').delete()
        await transaction('tabula_turns').insert({ ...row, why: ' '.repeat(PROBE_SIZE) })
        await transaction('tabula_turns').where('sender_id', '').delete()
      }),
    )
  }

  async openLog(): Promise<EventLog> {
    this.#isLogRead = true
    return SqlEventLog.open(this.#knex)
  }

  async openReminders(onDue: OnDue, log: Log): Promise<ReminderScheduler> {
    return new StoredReminderScheduler(await SqlReminderRows.open(this.#knex), onDue, log)
  }

  async close(): Promise<void> {
    await this.#knex.destroy()
  }

  /** All of the work or nothing; of two that add the same turn the second meets a row that is there. */
  async #changing<Result>(sender: string, work: (transaction: Knex) => Promise<Result>): Promise<Result> {
    return askingSql(async () => {
      try {
        return await this.#knex.transaction(async transaction => {
          if (this.#isLogRead) await announceAppend(transaction)
          return work(transaction)
        })
      } catch (error) {
        throw isDuplicate(error) ? conflict(sender) : error
      }
    })
  }

  /** The number of the last event of a turn that the caller knows; null where that turn is not part of the conversation. */
  async #eventsKnown(sender: string, { number, tail }: Revision): Promise<number | null> {
    if (number === 0) return null
    const turn = await this.#knex<TurnRow>('tabula_turns')
      .where({ sender_id: sender, number, tail })
      .first('last_event_id')
    return turn === undefined ? null : Number(turn.last_event_id)
  }

  /** Where the conversation stands. What Rasa wrote behind our last append changes the mark, so it is never overlooked. */
  async #head(knex: Knex, sender: string): Promise<Head> {
    const turn = await knex<TurnRow>('tabula_turns')
      .where('sender_id', sender)
      .orderBy('number', 'desc')
      .first<HeadRow | undefined>(
        'number',
        'tail',
        'last_event_id',
        knex.raw(`${NEWEST_EVENT}, ${WAITING}`, [sender, sender]),
      )
    const { newest_event_id, waiting } = turn ?? (await untouched(knex, sender))
    const lastEventId = Number(newest_event_id ?? 0)
    const known = { lastEventId, appends: turn?.number ?? 0, waiting: Number(waiting) }
    if (turn !== undefined && Number(turn.last_event_id) === lastEventId) {
      return { ...known, revision: { number: turn.number, tail: turn.tail } }
    }
    const foreign = { number: known.appends, tail: `event ${lastEventId}` }
    return { ...known, revision: lastEventId === 0 ? NO_REVISION : foreign }
  }

  async #insert(
    knex: Knex,
    sender: string,
    head: Pick<Head, 'appends' | 'lastEventId'>,
    events: readonly LoggedEvent[],
    why: readonly KeptReason[],
  ): Promise<Revision> {
    const rows = events.map(event => toRow(sender, event))
    let { lastEventId } = head
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const inserted = await knex<StoredRow>('events')
        .insert(rows.slice(start, start + ROWS_AT_ONCE))
        .returning('id')
      lastEventId = Math.max(lastEventId, Number(inserted.at(-1)?.id ?? 0))
    }
    const revision = { number: head.appends + 1, tail: randomBytes(12).toString('base64url') }
    await knex('tabula_turns').insert({
      sender_id: sender,
      number: revision.number,
      tail: revision.tail,
      last_event_id: lastEventId,
      time: reasonsTime(events),
      why: why.length === 0 ? null : JSON.stringify(why),
    })
    return revision
  }
}

/** One question less a turn: the number of the newest event, and the messages that wait, beside the newest append. */
const NEWEST_EVENT = '(select max(id) from events where events.sender_id = ?) as newest_event_id'
const WAITING =
  '(select count(*) from tabula_messages where tabula_messages.sender_id = ? and is_waiting = 1) as waiting'

interface Standing {
  readonly newest_event_id: number | string | null
  readonly waiting: number | string
}
interface HeadRow extends Pick<TurnRow, 'number' | 'tail' | 'last_event_id'>, Standing {}

/** A row as the database numbers it. */
interface StoredRow extends EventRow {
  readonly id: number | string
}

interface Head {
  readonly revision: Revision
  readonly appends: number
  readonly lastEventId: number
  readonly waiting: number
}

/** The same of a conversation that has no append of ours. */
async function untouched(knex: Knex, sender: string): Promise<Standing> {
  const [row] = await knex.select<Standing[]>(knex.raw(`${NEWEST_EVENT}, ${WAITING}`, [sender, sender]))
  return row ?? { newest_event_id: null, waiting: 0 }
}
