// Wakes a conversation at a time that an action has set. The name is a reminder's identity over all conversations, as in
// Rasa: a later reminder of the same name replaces the earlier one.

import type { ReminderCancelled, ReminderScheduled } from '@tabula/protocol'

export interface ReminderScheduler {
  /** A time that has passed is passed over. */
  schedule(sender: string, reminder: ReminderScheduled): void
  /** Drops the sender's reminders that have this name, intent and entities; all of them where none is given. */
  cancel(sender: string, filter: ReminderCancelled): void
  close(): void
}

/** Called when a reminder is due. */
export type OnDue = (sender: string, reminder: ReminderScheduled) => void
