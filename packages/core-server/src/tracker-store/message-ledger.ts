// What is known of single messages beside the conversation that they led to: accepted ones that wait, those that were
// handled with their answers, what their actions have returned so far. Kept where the events are, and saved with them.

import type { ActionOutcome, BotMessage, JsonObject, UserMessage } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'

/** Seconds that a message is remembered, so that a repeat of it is known: longer than any platform repeats. */
export const MESSAGE_MEMORY = 48 * 3600

/** A message that was confirmed to its sender before its turn: it must be handled, whatever happens to this process. */
export interface AcceptedMessage {
  /** Names the message within its conversation: see processor/message-identity.ts. */
  readonly key: string
  /** Tells another message under the same id. */
  readonly digest: string
  readonly message: UserMessage
  /** Who answers it, and what that channel needs to know for it. */
  readonly channel: string
  readonly address: JsonObject
}

/** What is saved with a turn's events about the message that it handled. */
export interface HandledMessage {
  readonly key: string
  readonly digest: string
  readonly replies: readonly BotMessage[]
}

/** One call to an action and what came of it. */
export interface JournalEntry {
  readonly action: string
  readonly outcome: ActionOutcome
  /** Tail of the conversation that it was called on: on another one the outcome says nothing. */
  readonly tail: string
}

export interface MessageRecord {
  /** `dead`: given up after too many tries. */
  readonly state: 'open' | 'done' | 'dead'
  /** How often a turn for it was begun, this one included. */
  readonly tries: number
  readonly replies: readonly BotMessage[]
  /** How many of the replies are known to be sent. */
  readonly sent: number
  /** By step, counted from 0; may have gaps. */
  readonly journal: ReadonlyMap<number, JournalEntry>
}

export interface MessageLedger {
  /**
   * Keeps the message until it was handled and answered. `known` where one of its key is there already. Throws CodedError
   * `message.other-body` (422) where that one said something else, and `inbox.full` (429) where `most` wait.
   */
  accept(sender: string, accepted: AcceptedMessage, most: number): Promise<'accepted' | 'known'>
  /** Accepted messages that are not yet handled and answered: what was begun first, then the oldest. */
  pending(sender: string): Promise<readonly AcceptedMessage[]>
  /**
   * What is known of the message; where it is still open, one more try is counted. `attempt` names the try, so that it
   * counts once though the question is sent twice. Throws CodedError `message.other-body` (422).
   */
  begin(sender: string, key: string, digest: string, attempt: string): Promise<MessageRecord>
  /** Takes a try back that failed for no fault of the message: the store could not save, or others were faster. */
  giveBack(sender: string, key: string, attempt: string): Promise<void>
  /** What the message was answered with; nothing where it is not handled or not known. */
  replies(sender: string, key: string): Promise<readonly BotMessage[]>
  /** Keeps an action's outcome; the first one of a step stays. */
  journal(sender: string, key: string, step: number, entry: JournalEntry): Promise<void>
  /** Notes that so many replies are sent; with `isAll` the message waits no longer. */
  sent(sender: string, key: string, parts: number, isAll: boolean): Promise<void>
  /** Gives an open message up; the replies are what is said instead. */
  bury(sender: string, key: string, replies: readonly BotMessage[]): Promise<void>
  /** Senders with messages that were accepted at least `age` seconds ago and may still wait, at most `limit`. */
  stranded(age: number, limit: number): Promise<readonly string[]>
}

/** Whether two digests are of one message: no secret, so that the time of comparing tells nothing. */
export function isSameBody(left: string | null | undefined, right: string): boolean {
  return left === right
}

export function otherBody(sender: string): CodedError {
  return new CodedError(
    'message.other-body',
    'Another message came under this id before. A new message needs a new id.',
    { status: 422, details: { sender } },
  )
}
