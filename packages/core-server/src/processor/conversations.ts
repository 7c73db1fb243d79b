// Lets one at a time change a conversation: ticket, tracker, work, append, ticket back. What was accepted before is worked
// off first. Whatever fails in between leaves the conversation as it was.

import type { Tracker } from '@tabula/dialogue'
import { CodedError } from '@tabula/protocol'
import type { LoggedEvent } from '@tabula/protocol'
import type { Inbox } from '../inbox/inbox.ts'
import type { ModelHost } from '../model-host/model-host.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { Log } from '../telemetry/log.ts'
import type { FoldedTracker } from '../tracker-store/tracker-cache.ts'
import { isConflict } from '../tracker-store/tracker-store.ts'
import { Attempt } from './attempt.ts'
import { HeldConversation } from './held-conversation.ts'
import type { HeldParts, Turn } from './held-conversation.ts'

export interface ConversationParts extends HeldParts {
  readonly models: ModelHost
  readonly inbox: Inbox
  readonly log: Log
}

/** How often a turn is worked out anew on a conversation that others have changed meanwhile. */
const MOST_CONFLICTS = 4

/** Handles what was accepted before and waits. */
export type WorkOff = (held: HeldConversation) => Promise<void>

export class Conversations {
  readonly #parts: ConversationParts
  /** Per sender what this process has at work or waiting; whoever is next starts after it is put away. */
  readonly #local = new Map<string, { count: number; last: Promise<void> }>()
  #workOff: WorkOff | null = null

  constructor(parts: ConversationParts) {
    this.#parts = parts
  }

  /** Sets what handles accepted messages; until then they wait. */
  onWaiting(workOff: WorkOff): void {
    this.#workOff = workOff
  }

  /** Throws CodedError `inbox.crowded` (503) where this process has as much at work as it may. */
  admit(): void {
    this.#parts.inbox.admit()
  }

  /** What `work` returns, after the events that it added to the tracker are stored. */
  async change<Result>(sender: string, work: (turn: Turn) => Promise<Result>): Promise<Result> {
    return this.changeAfter(sender, () => undefined, work)
  }

  /** The same, where something must be known first: `prepare` runs before the conversation is read, on the same model. */
  async changeAfter<Prepared, Result>(
    sender: string,
    prepare: (model: ServedModel) => Prepared | Promise<Prepared>,
    work: (turn: Turn, prepared: Prepared) => Promise<Result>,
  ): Promise<Result> {
    const attempt = this.attempt(sender)
    return this.hold(sender, async held => {
      const prepared = await prepare(held.model)
      return held.turn(attempt, turn => work(turn, prepared), true)
    })
  }

  /** What `work` returns of the conversation, in which it may try things out: they are not stored, but the sender is known. */
  async tryOut<Result>(sender: string, work: (turn: Turn) => Promise<Result>): Promise<Result> {
    return this.hold(sender, async held => {
      const { revision } = await held.folded()
      if (revision.number === 0) await this.#parts.store.append(sender, revision, [], [])
      return held.tryOut(this.attempt(sender), work)
    })
  }

  /** What `view` makes of the stored conversation, null where there is none. Waits for no turn and shows no half one. */
  async read<Result>(sender: string, view: (tracker: Tracker) => Result): Promise<Result | null> {
    const { models, cache } = this.#parts
    const { tracker, revision } = await cache.look(sender, models.require().domain)
    return revision.number === 0 ? null : view(tracker)
  }

  /** Replaces the whole conversation by these events. */
  async replace<Result>(
    sender: string,
    events: readonly LoggedEvent[],
    view: (tracker: Tracker) => Result,
  ): Promise<Result> {
    const { cache, store } = this.#parts
    return this.hold(sender, async ({ model }) => {
      await store.replace(sender, events)
      const { tracker, revision } = await cache.takeOut(sender, model.domain)
      cache.put(sender, { tracker, revision })
      return view(tracker)
    })
  }

  /**
   * What `work` returns with the conversation in hand, and what was accepted before worked off. Where others have changed it
   * meanwhile all is done anew.
   */
  async hold<Result>(sender: string, work: (held: HeldConversation) => Promise<Result>): Promise<Result> {
    return this.holdAsItIs(sender, async held => {
      const { waiting = 0 } = await held.folded()
      if (waiting > 0) await this.#workOff?.(held)
      return work(held)
    })
  }

  /** The same for `work` that sees itself to what was accepted before. */
  async holdAsItIs<Result>(
    sender: string,
    work: (held: HeldConversation) => Promise<Result>,
  ): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#hold(sender, work)
      } catch (error) {
        if (!isConflict(error)) throw error
        this.#parts.log.warn(
          { code: 'turn.fenced', sender, tries },
          'A turn was not saved: the conversation had moved on, or its ticket was lost. It is worked out anew.',
        )
        if (tries === MOST_CONFLICTS) throw contended(error)
      }
    }
  }

  /** Work of which nothing but its events is kept. */
  attempt(sender: string): Attempt {
    const { store, log } = this.#parts
    return Attempt.once({ sender, messages: store.messages, log })
  }

  async #hold<Result>(sender: string, work: (held: HeldConversation) => Promise<Result>): Promise<Result> {
    const { models, inbox, cache } = this.#parts
    const { domain } = models.require(sender)
    const before = this.#local.get(sender)
    const { promise: isPut, resolve: leave } = Promise.withResolvers<undefined>()
    this.#local.set(sender, { count: (before?.count ?? 0) + 1, last: isPut })
    // Of a sender that this process is at work on, the tracker is not in the cache.
    const isAhead = this.#parts.isOneConnection && before === undefined
    const taking = inbox.take(sender)
    const ahead = isAhead ? cache.takeOut(sender, domain) : null
    ahead?.catch(() => undefined)
    let held: HeldConversation | null = null
    try {
      const ticket = await taking
      await before?.last
      held = await this.#read(sender, ticket, ahead)
      return await work(held)
    } finally {
      const rest = held === null ? await ahead?.catch(() => null) : held.rest
      if (rest !== null && rest !== undefined) cache.put(sender, rest)
      else if (held !== null) cache.spoil(sender, held.known)
      this.#leave(sender)
      leave(undefined)
      if (held !== null) await held.release()
    }
  }

  async #read(
    sender: string,
    ticket: Awaited<ReturnType<Inbox['take']>>,
    ahead: Promise<FoldedTracker> | null,
  ): Promise<HeldConversation> {
    const { models, cache } = this.#parts
    try {
      const model = models.require(sender)
      let folded = ahead === null ? await cache.takeOut(sender, model.domain) : await ahead
      if (ahead !== null && (ticket.waited || folded.tracker.domain !== model.domain)) {
        folded = await cache.catchUp(sender, model.domain, folded)
      }
      return new HeldConversation(this.#parts, { sender, model, ticket }, folded)
    } catch (error) {
      await ticket.release()
      throw error
    }
  }

  #leave(sender: string): void {
    const local = this.#local.get(sender)
    if (local === undefined) return
    local.count -= 1
    if (local.count === 0) this.#local.delete(sender)
  }
}

function contended(cause: CodedError): CodedError {
  return new CodedError(
    'tracker.contended',
    'The conversation is being changed elsewhere; nothing was saved.',
    {
      status: 503,
      details: { retryAfter: 1 },
      cause,
    },
  )
}
