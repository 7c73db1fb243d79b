// Wakes a conversation at a time that an action has set. The name is a reminder's identity over all conversations, as in
// Rasa: a later reminder of the same name replaces the earlier one.

import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { ReminderCancelled, ReminderScheduled } from '@tabula/protocol'

export interface ReminderScheduler {
  /** Begins to wake conversations, also for reminders that an earlier process left. */
  start(): void
  /** Kept when it resolves. A time that has passed is passed over. */
  schedule(sender: string, reminder: ReminderScheduled): Promise<void> | undefined
  /** Drops the sender's reminders that have this name, intent and entities; all of them where none is given. */
  cancel(sender: string, filter: ReminderCancelled): Promise<void> | undefined
  /** Ends the waking; turns under way are waited for. What is not due yet stays for the next process where the store keeps it. */
  close(): Promise<void>
}

export interface DueReminder {
  readonly sender: string
  readonly reminder: ReminderScheduled
  /** The same for every try to deliver this waking. */
  readonly key: string
}

/** Called when a reminder is due; where it rejects the reminder is tried again, a few times. */
export type OnDue = (due: DueReminder) => Promise<void>

/** Milliseconds from now, or null for a time that has passed or is none. */
export function timeLeft(reminder: ReminderScheduled): number | null {
  const left = Date.parse(reminder.date_time) - Date.now()
  return Number.isNaN(left) || left <= 0 ? null : left
}

export function newKey(): string {
  return randomUUID().replaceAll('-', '')
}

/** Whether a cancelling means this reminder: every property that it names is the reminder's. */
export function isMeant(reminder: ReminderScheduled, { name, intent, entities }: ReminderCancelled): boolean {
  return (
    (isAbsent(name) || reminder.name === name) &&
    (isAbsent(intent) || reminder.intent === intent) &&
    (isAbsent(entities) || isDeepStrictEqual(reminder.entities, entities))
  )
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}
