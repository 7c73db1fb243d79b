// Where conversations are kept: events are appended to the revision that they were computed from, never rewritten.

import type { ActionReason } from '@tabula/dialogue'
import { CodedError } from '@tabula/protocol'
import type { LoggedEvent } from '@tabula/protocol'
import type { OnDue, ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import type { Log } from '../telemetry/log.ts'
import type { EventLog } from './event-log.ts'
import type { HandledMessage, MessageLedger } from './message-ledger.ts'

/** Names one state of a conversation: how many appends it has seen, and a random mark of the last one. */
export interface Revision {
  readonly number: number
  readonly tail: string
}

/** Of a conversation that the store does not hold. */
export const NO_REVISION: Revision = { number: 0, tail: '' }

export interface StoredEvents {
  readonly revision: Revision
  /** Whether `events` are all of them or those after the revision that the caller knew. */
  readonly from: 'start' | 'known'
  readonly events: readonly LoggedEvent[]
  /** Messages of the conversation that were accepted before and wait for their turn or their answers. */
  readonly waiting: number
}

/**
 * Why an action was taken. The first of an append may tell how many milliseconds each step of the turn had taken by then;
 * the dialogue, which knows no clock, leaves them out.
 */
export type KeptReason = ActionReason & { readonly milliseconds?: Readonly<Record<string, number>> }

/** The reasons behind one append, oldest first; kept beside Rasa's events and never mixed into them. */
export interface TurnReasons {
  /** Time of the last event that was saved with them, in seconds since 1970. */
  readonly time: number
  readonly actions: readonly KeptReason[]
}

export interface TrackerStore {
  readonly messages: MessageLedger
  /** The conversation's events; with a revision known to the caller, only what came after it where the store can tell. */
  load(sender: string, known?: Revision): Promise<StoredEvents>
  /**
   * Saves events behind the expected revision and gives the new one. Throws CodedError `tracker.conflict` (409) and
   * saves nothing where the conversation has moved on. Without events the sender is merely made known, where the
   * store can hold an empty conversation (SQL cannot: Rasa's own table has no place for one). With a handled message its
   * record is saved too, or neither. Throws CodedError `store.unavailable` (503) where the outcome is not known.
   */
  append(
    sender: string,
    expected: Revision,
    events: readonly LoggedEvent[],
    why: readonly KeptReason[],
    handled?: HandledMessage,
  ): Promise<Revision>
  /** Replaces the whole conversation, whatever it was. */
  replace(sender: string, events: readonly LoggedEvent[]): Promise<Revision>
  /** Leaves nothing of the conversation, its reasons and its messages; turns that were computed from it are refused. */
  erase(sender: string): Promise<void>
  why(sender: string): Promise<readonly TurnReasons[]>
  /** Ids after this one in the order of their UTF-8 bytes, at most `limit`. */
  senders(after: string | null, limit: number): Promise<readonly string[]>
  /** Leaves the conversation where Rasa reads it; what it adds there is taken over when the conversation goes on here. */
  leaveToRasa(sender: string): Promise<void>
  /** Resolves where events can be saved now, which a write alone tells; throws CodedError `store.unavailable` (503). */
  probe(): Promise<void>
  /** The log that brokers are fed from, of everything stored from now on; what a database holds already is in it too. */
  openLog(): Promise<EventLog>
  /** What wakes conversations, with its reminders kept where the conversations are. */
  openReminders(onDue: OnDue, log: Log): Promise<ReminderScheduler>
  close(): Promise<void>
}

/**
 * When the reasons of an append were given: a turn may be over within the millisecond that a clock counts, and the next one
 * begin in it, but no two events have one time.
 */
export function reasonsTime(events: readonly LoggedEvent[]): number {
  return events.at(-1)?.timestamp ?? Date.now() / 1000
}

/** Orders ids as every store does: by their UTF-8 bytes. */
export function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

export function isSameRevision(left: Revision, right: Revision): boolean {
  return left.number === right.number && left.tail === right.tail
}

/** Whether the work is to be done anew on what the conversation is by now. */
export function isConflict(error: unknown): error is CodedError {
  return error instanceof CodedError && error.code === 'tracker.conflict'
}

export function conflict(sender: string): CodedError {
  return new CodedError('tracker.conflict', 'The conversation has moved on; nothing was saved.', {
    status: 409,
    details: { sender },
  })
}
