// Reminders as rows: they outlive the process. Any process on the database may deliver one; a claim keeps the others away
// while it does, and lapses where it dies. What comes again after that has the same key, and takes effect once.

import { randomUUID } from 'node:crypto'
import { parseEvent } from '@tabula/protocol'
import type { ReminderCancelled, ReminderScheduled } from '@tabula/protocol'
import type { Knex } from 'knex'
import type { Log } from '../telemetry/log.ts'
import {
  type DueReminder,
  isMeant,
  newKey,
  type OnDue,
  type ReminderScheduler,
  timeLeft,
} from './reminder-scheduler.ts'

const TABLE = 'tabula_reminders'

export interface SqlReminderPauses {
  /** Milliseconds between two looks for due reminders of other processes. */
  readonly look: number
  /** How long a claim lasts without being renewed: a reminder of a process that died is this late at most. */
  readonly claim: number
}

const PAUSES: SqlReminderPauses = { look: 1000, claim: 10_000 }
const AT_ONCE = 20
/** Deliveries that fail before a reminder is given up. */
const TRIES = 3

interface Row {
  readonly name: string
  readonly key: string
  readonly sender_id: string
  readonly due: number
  readonly data: string
  readonly tries: number
}

export class SqlReminderScheduler implements ReminderScheduler {
  readonly #knex: Knex
  readonly #onDue: OnDue
  readonly #log: Log
  readonly #pauses: SqlReminderPauses
  readonly #owner = randomUUID()
  #timer: NodeJS.Timeout | null = null
  #isClosed = false
  #delivery: Promise<void> = Promise.resolve()

  private constructor(knex: Knex, onDue: OnDue, log: Log, pauses: SqlReminderPauses) {
    this.#knex = knex
    this.#onDue = onDue
    this.#log = log
    this.#pauses = pauses
  }

  /** A scheduler over this connection; makes its table where it is missing. */
  static async open(
    knex: Knex,
    onDue: OnDue,
    log: Log,
    pauses: SqlReminderPauses = PAUSES,
  ): Promise<SqlReminderScheduler> {
    if (!(await knex.schema.hasTable(TABLE))) {
      await knex.schema.createTable(TABLE, table => {
        table.string('name', 255).primary()
        table.string('key', 64).notNullable()
        table.string('sender_id', 255).notNullable().index()
        table.double('due').notNullable().index()
        table.text('data').notNullable()
        table.integer('tries').notNullable().defaultTo(0)
        table.string('owner', 64)
        table.double('until').notNullable().defaultTo(0)
      })
    }
    return new SqlReminderScheduler(knex, onDue, log, pauses)
  }

  start(): void {
    this.#look(0)
  }

  async schedule(sender: string, reminder: ReminderScheduled): Promise<void> {
    const left = timeLeft(reminder)
    if (left === null) {
      await this.#knex(TABLE).where('name', reminder.name).delete()
      return
    }
    const row = {
      name: reminder.name,
      key: newKey(),
      sender_id: sender,
      due: Date.now() + left,
      data: JSON.stringify(reminder),
      tries: 0,
      owner: null,
      until: 0,
    }
    await this.#knex(TABLE).insert(row).onConflict('name').merge()
    if (left < this.#pauses.look) this.#look(left)
  }

  async cancel(sender: string, filter: ReminderCancelled): Promise<void> {
    const rows = await this.#knex<Row>(TABLE).where('sender_id', sender).select()
    const names = rows.filter(row => isMeant(reminderOf(row), filter)).map(({ name }) => name)
    if (names.length > 0) await this.#knex(TABLE).whereIn('name', names).delete()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#delivery
  }

  /** Looks for due reminders after so many milliseconds, or earlier where an earlier look is planned. */
  #look(after: number): void {
    if (this.#isClosed) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => {
        this.#delivery = this.#delivery.then(() => this.#deliver())
      },
      Math.min(after, this.#pauses.look),
    )
    this.#timer.unref()
  }

  async #deliver(): Promise<void> {
    let isMore = false
    try {
      const due = await this.#claim()
      isMore = due.length === AT_ONCE
      await Promise.all(due.map(row => this.#fire(row)))
    } catch (err) {
      this.#log.error(
        { code: 'reminder.store', err },
        'Due reminders could not be read; they are looked for again.',
      )
    }
    this.#look(isMore ? 0 : this.#pauses.look)
  }

  /** The due reminders that nobody else is delivering, and that nobody else will while the claim lasts. */
  async #claim(): Promise<readonly Row[]> {
    const now = Date.now()
    const until = now + this.#pauses.claim
    const free = await this.#knex<Row>(TABLE)
      .where('due', '<=', now)
      .andWhere('until', '<', now)
      .orderBy('due')
      .limit(AT_ONCE)
      .select('name')
    const claimed: Row[] = []
    for (const { name } of free) {
      const won = await this.#knex(TABLE)
        .where({ name })
        .andWhere('until', '<', now)
        .update({ owner: this.#owner, until })
      const row = won > 0 ? await this.#knex<Row>(TABLE).where({ name }).first() : undefined
      if (row !== undefined) claimed.push(row)
    }
    return claimed
  }

  async #fire(row: Row): Promise<void> {
    const renewal = setInterval(() => {
      void this.#knex(TABLE)
        .where({ name: row.name, key: row.key, owner: this.#owner })
        .update({ until: Date.now() + this.#pauses.claim })
        .catch(() => undefined)
    }, this.#pauses.claim / 3)
    try {
      const due: DueReminder = { sender: row.sender_id, reminder: reminderOf(row), key: row.key }
      await this.#onDue(due)
      await this.#knex(TABLE).where({ name: row.name, key: row.key }).delete()
    } catch (err) {
      await this.#failed(row, err)
    } finally {
      clearInterval(renewal)
    }
  }

  async #failed({ name, key, tries, sender_id: sender }: Row, err: unknown): Promise<void> {
    const isLast = tries + 1 >= TRIES
    this.#log.error(
      { code: 'reminder.failed', err, sender, reminder: name, tries: tries + 1 },
      isLast ? 'A reminder was given up.' : 'A reminder was not delivered; it is tried again.',
    )
    const row = this.#knex(TABLE).where({ name, key })
    await (isLast ? row.delete() : row.update({ tries: tries + 1 }))
  }
}

function reminderOf({ data }: Row): ReminderScheduled {
  const event = parseEvent(JSON.parse(data))
  if (event.event !== 'reminder') throw new TypeError(`a ${event.event} is stored as a reminder`)
  return event
}
