// Reminders as timers of this process: they do not outlive it.

import { isDeepStrictEqual } from 'node:util'
import type { ReminderCancelled, ReminderScheduled } from '@tabula/protocol'
import type { OnDue, ReminderScheduler } from './reminder-scheduler.ts'

/** setTimeout counts in 31 bits; a longer wait is taken in stretches. */
const LONGEST_WAIT = 2 ** 31 - 1

interface Pending {
  readonly sender: string
  readonly reminder: ReminderScheduled
  timer: NodeJS.Timeout
}

export class MemoryReminderScheduler implements ReminderScheduler {
  readonly #pending = new Map<string, Pending>()
  readonly #onDue: OnDue

  constructor(onDue: OnDue) {
    this.#onDue = onDue
  }

  schedule(sender: string, reminder: ReminderScheduled): void {
    this.#drop(reminder.name)
    const due = Date.parse(reminder.date_time)
    if (Number.isNaN(due) || due <= Date.now()) return
    const pending: Pending = { sender, reminder, timer: setTimeout(() => undefined, 0) }
    this.#pending.set(reminder.name, pending)
    this.#wait(pending, due)
  }

  cancel(sender: string, filter: ReminderCancelled): void {
    for (const [name, pending] of this.#pending) {
      if (pending.sender === sender && isMeant(pending.reminder, filter)) this.#drop(name)
    }
  }

  close(): void {
    for (const name of this.#pending.keys()) this.#drop(name)
  }

  #wait(pending: Pending, due: number): void {
    clearTimeout(pending.timer)
    const left = due - Date.now()
    pending.timer = setTimeout(
      () => {
        if (left > LONGEST_WAIT) {
          this.#wait(pending, due)
          return
        }
        this.#pending.delete(pending.reminder.name)
        this.#onDue(pending.sender, pending.reminder)
      },
      Math.min(Math.max(left, 0), LONGEST_WAIT),
    )
    pending.timer.unref()
  }

  #drop(name: string): void {
    clearTimeout(this.#pending.get(name)?.timer)
    this.#pending.delete(name)
  }
}

function isMeant(reminder: ReminderScheduled, { name, intent, entities }: ReminderCancelled): boolean {
  return (
    (isAbsent(name) || reminder.name === name) &&
    (isAbsent(intent) || reminder.intent === intent) &&
    (isAbsent(entities) || isDeepStrictEqual(reminder.entities, entities))
  )
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}
