// A conversation while its ticket is held: the only time that it may change. Each turn is saved behind the state that it was
// computed from, or not at all; what it says is sent after that.

import type { ActionReason, Effectful, Tracker, TurnContext } from '@tabula/dialogue'
import { CodedError } from '@tabula/protocol'
import type { ActionCall, ActionOutcome } from '@tabula/protocol'
import type { OutputChannel } from '../channels/channel.ts'
import type { Ticket } from '../inbox/inbox.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { FoldedTracker, TrackerCache } from '../tracker-store/tracker-cache.ts'
import { conflict, isConflict, isSameRevision } from '../tracker-store/tracker-store.ts'
import type { Revision, TrackerStore } from '../tracker-store/tracker-store.ts'
import type { Attempt } from './attempt.ts'
import type { Outbox } from './outbox.ts'
import { perform } from './perform.ts'
import type { Surroundings } from './perform.ts'

/** Milliseconds that an action may take before what was said ahead of it is sent. */
const SILENCE = 300

/** A conversation during one turn. */
export interface Turn {
  readonly model: ServedModel
  readonly tracker: Tracker
  context(output: OutputChannel): TurnContext
  /** Runs a part of the turn; its messages go to the channel once the turn is saved. */
  run<Result>(part: (context: TurnContext) => Effectful<Result>, output: OutputChannel): Promise<Result>
}

/** What turns reach beside the conversation. */
export interface TurnSurroundings extends Omit<Surroundings, 'sender' | 'send' | 'callAction'> {
  readonly callAction: (model: ServedModel, call: ActionCall, key: string) => Promise<ActionOutcome>
}

export interface HeldParts {
  readonly store: TrackerStore
  /** Whether ticket and conversation are asked for over one connection: what is asked first is then done first. */
  readonly isOneConnection: boolean
  readonly cache: TrackerCache
  readonly surroundings: TurnSurroundings
  readonly context: (model: ServedModel, output: OutputChannel, random: () => number) => TurnContext
}

export class HeldConversation {
  readonly sender: string
  readonly model: ServedModel
  readonly #parts: HeldParts
  readonly #ticket: Ticket
  /** null where it must be read again: a turn has failed on it. */
  #folded: FoldedTracker | null
  #known: Revision
  #release: Promise<void> | null = null

  constructor(
    parts: HeldParts,
    held: { readonly sender: string; readonly model: ServedModel; readonly ticket: Ticket },
    folded: FoldedTracker,
  ) {
    this.#parts = parts
    this.#ticket = held.ticket
    this.#folded = folded
    this.#known = folded.revision
    this.sender = held.sender
    this.model = held.model
  }

  /** Whether another may be at work on the conversation: then nothing can be saved here any more. */
  get isLost(): boolean {
    return this.#ticket.isLost()
  }

  /** The conversation as it is stored; what is tried out on it must not be saved. */
  async folded(): Promise<FoldedTracker> {
    return (this.#folded ??= await this.#parts.cache.takeOut(this.sender, this.model.domain))
  }

  /**
   * What `work` returns, after the events that it added are stored with what the attempt keeps, and its answers are sent.
   * Throws CodedError `tracker.conflict` and saves nothing where the conversation has moved on. After the `last` turn of a
   * holder the ticket goes back together with the events, where no answer could be overtaken.
   */
  async turn<Result>(
    attempt: Attempt,
    work: (turn: Turn) => Promise<Result>,
    isLast = false,
  ): Promise<Result> {
    const { tracker, revision } = await this.folded()
    attempt.rewind(revision.tail)
    const known = tracker.events.length
    const why: ActionReason[] = []
    this.#folded = null
    const result = await this.#work(attempt, work, this.#turn(tracker, { attempt, revision, why }))
    if (this.isLost) throw conflict(this.sender)
    const events = tracker.events.slice(known)
    const saving = this.#parts.store.append(this.sender, revision, events, why, attempt.handled())
    // Elsewhere the next holder could read the conversation before this turn is in it.
    const mayReleaseNow = this.#parts.isOneConnection && isLast && attempt.outbox.isReply
    if (mayReleaseNow) void this.release().catch(() => undefined)
    this.#known = await saving
    this.#folded = { tracker, revision: this.#known }
    await attempt.outbox.flush()
    return result
  }

  /** Tries something out, which is not stored. */
  async tryOut<Result>(attempt: Attempt, work: (turn: Turn) => Promise<Result>): Promise<Result> {
    const { tracker, revision } = await this.folded()
    this.#folded = null
    return this.#work(attempt, work, this.#turn(tracker, { attempt, revision, why: [] }))
  }

  /** Reads what others have added since the conversation was taken in hand: they may, where the ticket was lost meanwhile. */
  async catchUp(): Promise<void> {
    if (this.#folded === null) return
    this.#folded = await this.#parts.cache.catchUp(this.sender, this.model.domain, this.#folded)
  }

  /** The ticket goes back; a second call waits for the same. */
  release(): Promise<void> {
    return (this.#release ??= Promise.resolve(this.#ticket.release()))
  }

  /** What is kept folded for the next holder in this process. */
  get rest(): FoldedTracker | null {
    return this.#folded
  }

  /** Where the conversation was when it was last seen. */
  get known(): Revision {
    return this.#known
  }

  /** A turn that fails has said what it said until then, as in Rasa; but not where others may have said it better. */
  async #work<Result>(attempt: Attempt, work: (turn: Turn) => Promise<Result>, turn: Turn): Promise<Result> {
    try {
      return await work(turn)
    } catch (error) {
      const isOver = !isConflict(error) && !(error instanceof CodedError && error.status === 503)
      if (isOver) await attempt.outbox.flush()
      throw error
    }
  }

  /**
   * Sends what was said until now, ahead of the save: only while the conversation is as the turn found it, for then whoever
   * takes over says the same. What goes back as one reply goes back at the end.
   */
  async #sayAhead(outbox: Outbox, revision: Revision): Promise<void> {
    if (outbox.isReply || this.isLost) return
    const stored = await this.#parts.store.load(this.sender, revision)
    if (isSameRevision(stored.revision, revision)) await outbox.flush()
  }

  #turn(tracker: Tracker, begun: BegunTurn): Turn {
    const { model } = this
    const { attempt, why } = begun
    const { context } = this.#parts
    return {
      model,
      tracker,
      context: output => context(model, output, attempt.random),
      run: async (part, output) => {
        const turn = part(context(model, output, attempt.random))
        const result = await perform(turn, this.#surroundings(begun, output))
        if (hasReasons(result)) why.push(...result.why)
        return result
      },
    }
  }

  #surroundings({ attempt, revision }: BegunTurn, output: OutputChannel): Surroundings {
    const { surroundings } = this.#parts
    return {
      ...surroundings,
      sender: this.sender,
      send: message => {
        attempt.outbox.say(output, message)
        return undefined
      },
      callAction: call =>
        attempt.journal.call(call, async (asked, key) => {
          const timer = setTimeout(() => {
            // What fails here fails again when the rest is sent.
            this.#sayAhead(attempt.outbox, revision).catch(() => undefined)
          }, SILENCE)
          try {
            const outcome = await surroundings.callAction(this.model, asked, key)
            // A server that stops cuts its calls off: whoever goes on must not find that as what the action returned.
            if (this.isLost) throw conflict(this.sender)
            return outcome
          } finally {
            clearTimeout(timer)
          }
        }),
    }
  }
}

/** A turn under way, and the state that it is worked out on. */
interface BegunTurn {
  readonly attempt: Attempt
  readonly revision: Revision
  readonly why: ActionReason[]
}

function hasReasons(result: unknown): result is { readonly why: readonly ActionReason[] } {
  return typeof result === 'object' && result !== null && 'why' in result && Array.isArray(result.why)
}
