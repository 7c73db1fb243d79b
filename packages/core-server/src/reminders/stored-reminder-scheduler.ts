// Reminders that a store keeps: they outlive the process. Any process on the store may deliver one; a claim keeps the
// others away while it does, and lapses where it dies. What comes again after that has the same key, and takes effect once.

import { parseEvent } from '@tabula/protocol'
import type { ReminderCancelled, ReminderScheduled } from '@tabula/protocol'
import type { Log } from '../telemetry/log.ts'
import { isMeant, newKey, timeLeft } from './reminder-scheduler.ts'
import type { DueReminder, OnDue, ReminderScheduler } from './reminder-scheduler.ts'

export interface ReminderPauses {
  /** Milliseconds between two looks for due reminders of other processes. */
  readonly look: number
  /** How long a claim lasts without being renewed: a reminder of a process that died is this late at most. */
  readonly claim: number
}

const PAUSES: ReminderPauses = { look: 1000, claim: 10_000 }
const AT_ONCE = 20
/** Deliveries that fail before a reminder is given up. */
const TRIES = 3

export interface ReminderRow {
  readonly name: string
  /** Tells a reminder from a later one of its name. */
  readonly key: string
  readonly sender: string
  /** Milliseconds since 1970. */
  readonly due: number
  /** The reminder's event as JSON. */
  readonly data: string
  readonly tries: number
}

/** Where a store keeps reminders; each operation on a name and key leaves a later reminder of the name alone. */
export interface ReminderRows {
  /** Keeps it in place of what has its name. */
  put(row: ReminderRow): Promise<void>
  remove(names: readonly string[]): Promise<void>
  of(sender: string): Promise<readonly ReminderRow[]>
  /** Due rows that nobody else has claimed, claimed for so many milliseconds. */
  claim(owner: string, milliseconds: number, limit: number): Promise<readonly ReminderRow[]>
  renew(row: ReminderRow, owner: string, milliseconds: number): Promise<void>
  done(row: ReminderRow): Promise<void>
  failed(row: ReminderRow): Promise<void>
}

export class StoredReminderScheduler implements ReminderScheduler {
  readonly #rows: ReminderRows
  readonly #onDue: OnDue
  readonly #log: Log
  readonly #pauses: ReminderPauses
  readonly #owner = newKey()
  #timer: NodeJS.Timeout | null = null
  #isClosed = false
  #delivery: Promise<void> = Promise.resolve()

  constructor(rows: ReminderRows, onDue: OnDue, log: Log, pauses: ReminderPauses = PAUSES) {
    this.#rows = rows
    this.#onDue = onDue
    this.#log = log
    this.#pauses = pauses
  }

  start(): void {
    this.#look(0)
  }

  async schedule(sender: string, reminder: ReminderScheduled): Promise<void> {
    const left = timeLeft(reminder)
    if (left === null) {
      await this.#rows.remove([reminder.name])
      return
    }
    const { name } = reminder
    const due = Date.now() + left
    await this.#rows.put({ name, key: newKey(), sender, due, data: JSON.stringify(reminder), tries: 0 })
    if (left < this.#pauses.look) this.#look(left)
  }

  async cancel(sender: string, filter: ReminderCancelled): Promise<void> {
    const rows = await this.#rows.of(sender)
    const names = rows.filter(row => isMeant(reminderOf(row), filter)).map(({ name }) => name)
    if (names.length > 0) await this.#rows.remove(names)
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
      const due = await this.#rows.claim(this.#owner, this.#pauses.claim, AT_ONCE)
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

  async #fire(row: ReminderRow): Promise<void> {
    const renewal = setInterval(() => {
      void this.#rows.renew(row, this.#owner, this.#pauses.claim).catch(() => undefined)
    }, this.#pauses.claim / 3)
    try {
      const due: DueReminder = { sender: row.sender, reminder: reminderOf(row), key: row.key }
      await this.#onDue(due)
      await this.#rows.done(row)
    } catch (err) {
      await this.#failed(row, err)
    } finally {
      clearInterval(renewal)
    }
  }

  async #failed(row: ReminderRow, err: unknown): Promise<void> {
    const tries = row.tries + 1
    const isLast = tries >= TRIES
    this.#log.error(
      { code: 'reminder.failed', err, sender: row.sender, reminder: row.name, tries },
      isLast ? 'A reminder was given up.' : 'A reminder was not delivered; it is tried again.',
    )
    await (isLast ? this.#rows.done(row) : this.#rows.failed(row))
  }
}

function reminderOf({ data }: ReminderRow): ReminderScheduled {
  const event = parseEvent(JSON.parse(data))
  if (event.event !== 'reminder') throw new TypeError(`a ${event.event} is stored as a reminder`)
  return event
}
