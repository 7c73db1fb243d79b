// One message's work on a conversation, over however many tries it takes: what it has called and said so far, and what is
// saved of it in the end.

import { randomUUID } from 'node:crypto'
import type { Log } from '../telemetry/log.ts'
import type { HandledMessage, MessageLedger, MessageRecord } from '../tracker-store/message-ledger.ts'
import { ActionJournal } from './action-journal.ts'
import type { MessageIdentity } from './message-identity.ts'
import { Outbox } from './outbox.ts'
import { seededRandom } from './seeded-random.ts'

export interface AttemptParts {
  readonly sender: string
  readonly messages: MessageLedger
  readonly log: Log
}

export class Attempt {
  readonly journal: ActionJournal
  readonly outbox: Outbox
  readonly #identity: MessageIdentity | null
  readonly #newRandom: () => () => number
  #random: () => number

  private constructor(
    identity: MessageIdentity | null,
    made: { readonly journal: ActionJournal; readonly outbox: Outbox; readonly random: () => () => number },
  ) {
    this.#identity = identity
    this.journal = made.journal
    this.outbox = made.outbox
    this.#newRandom = made.random
    this.#random = made.random()
  }

  /** Work that no repeat can ask for again: nothing of it is kept but its events. */
  static once({ sender, log }: AttemptParts): Attempt {
    return new Attempt(null, {
      journal: new ActionJournal(() => `${sender}/${randomUUID()}`),
      outbox: new Outbox({ sender, log, note: null, isLost: never }),
      random: () => Math.random,
    })
  }

  /** Work on a message that has a record. A reply goes back with its own request, so that each try sends all of it. */
  static of(
    identity: MessageIdentity,
    record: MessageRecord,
    isReply: boolean,
    { sender, messages, log, isLost = never }: AttemptParts & { readonly isLost?: () => boolean },
  ): Attempt {
    const { key } = identity
    const note = isReply ? null : (sent: number) => messages.sent(sender, key, sent, false)
    return new Attempt(identity, {
      journal: new ActionJournal(
        () => `${sender}/${key}`,
        record.journal,
        (step, entry) => messages.journal(sender, key, step, entry),
      ),
      outbox: new Outbox({ sender, log, note, isLost }, isReply ? 0 : record.sent),
      random: () => seededRandom(`${sender}\n${key}`),
    })
  }

  get random(): () => number {
    return this.#random
  }

  /** The turn is begun from its start, on the conversation of this tail. */
  rewind(tail: string): void {
    this.journal.rewind(tail)
    this.outbox.rewind()
    this.#random = this.#newRandom()
  }

  /** What is saved with the turn's events. */
  handled(): HandledMessage | undefined {
    return this.#identity === null ? undefined : { ...this.#identity, replies: this.outbox.messages }
  }
}

function never(): boolean {
  return false
}
