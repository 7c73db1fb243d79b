// Reminders as timers of this process: they do not outlive it.

import type { ReminderCancelled, ReminderScheduled } from '@tabula/protocol'
import type { Log } from '../telemetry/log.ts'
import {
  type DueReminder,
  isMeant,
  newKey,
  type OnDue,
  type ReminderScheduler,
  timeLeft,
} from './reminder-scheduler.ts'

/** setTimeout counts in 31 bits; a longer wait is taken in stretches. */
const LONGEST_WAIT = 2 ** 31 - 1

interface Pending extends DueReminder {
  timer: NodeJS.Timeout | null
}

export class MemoryReminderScheduler implements ReminderScheduler {
  readonly #pending = new Map<string, Pending>()
  readonly #running = new Set<Promise<void>>()
  readonly #onDue: OnDue
  readonly #log: Log

  constructor(onDue: OnDue, log: Log) {
    this.#onDue = onDue
    this.#log = log
  }

  start(): void {
    // Timers run by themselves.
  }

  schedule(sender: string, reminder: ReminderScheduled): undefined {
    this.#drop(reminder.name)
    if (timeLeft(reminder) === null) return
    const pending: Pending = { sender, reminder, key: newKey(), timer: null }
    this.#pending.set(reminder.name, pending)
    this.#wait(pending)
  }

  cancel(sender: string, filter: ReminderCancelled): undefined {
    for (const [name, pending] of this.#pending) {
      if (pending.sender === sender && isMeant(pending.reminder, filter)) this.#drop(name)
    }
  }

  async close(): Promise<void> {
    for (const name of this.#pending.keys()) this.#drop(name)
    await Promise.all(this.#running)
  }

  #wait(pending: Pending): void {
    const left = timeLeft(pending.reminder) ?? 0
    const timer = setTimeout(
      () => {
        if (left > LONGEST_WAIT) this.#wait(pending)
        else this.#fire(pending)
      },
      Math.min(left, LONGEST_WAIT),
    )
    timer.unref()
    pending.timer = timer
  }

  #fire({ sender, reminder, key }: Pending): void {
    this.#pending.delete(reminder.name)
    const run = this.#onDue({ sender, reminder, key })
      .catch((err: unknown) => {
        this.#log.error({ code: 'reminder.failed', err, sender }, 'A reminder was not delivered.')
      })
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  #drop(name: string): void {
    const timer = this.#pending.get(name)?.timer
    if (timer !== undefined && timer !== null) clearTimeout(timer)
    this.#pending.delete(name)
  }
}
