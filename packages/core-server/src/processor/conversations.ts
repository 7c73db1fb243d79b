// Changes a conversation: ticket, tracker, work, one append, ticket back. Whatever fails in between leaves it as it was.

import type { ActionReason, Effectful, Tracker, TurnContext } from '@tabula/dialogue'
import type { LoggedEvent } from '@tabula/protocol'
import type { OutputChannel } from '../channels/channel.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { ModelHost } from '../model-host/model-host.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { TrackerCache } from '../tracker-store/tracker-cache.ts'
import type { TrackerStore } from '../tracker-store/tracker-store.ts'
import { perform } from './perform.ts'
import type { Surroundings } from './perform.ts'

/** A conversation while it is held: the only time that its tracker may change. */
export interface Turn {
  readonly model: ServedModel
  readonly tracker: Tracker
  context(output: OutputChannel): TurnContext
  /** Runs a part of the turn, with its messages going to the channel. */
  run<Result>(part: (context: TurnContext) => Effectful<Result>, output: OutputChannel): Promise<Result>
}

export interface ConversationParts {
  readonly models: ModelHost
  readonly inbox: Inbox
  readonly store: TrackerStore
  readonly cache: TrackerCache
  /** The surroundings of a turn's effects. */
  readonly surround: (sender: string, model: ServedModel, output: OutputChannel) => Surroundings
  readonly context: (model: ServedModel, output: OutputChannel) => TurnContext
}

export class Conversations {
  readonly #parts: ConversationParts

  constructor(parts: ConversationParts) {
    this.#parts = parts
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
    const { cache, store } = this.#parts
    return this.#withTicket(sender, async model => {
      const prepared = await prepare(model)
      const { tracker, revision } = await cache.takeOut(sender, model.domain)
      const known = tracker.events.length
      const why: ActionReason[] = []
      const result = await work(this.#turn(model, tracker, why), prepared)
      const saved = await store.append(sender, revision, tracker.events.slice(known), why)
      cache.put(sender, { tracker, revision: saved })
      return result
    })
  }

  /** What `work` returns of the conversation, in which it may try things out: they are not stored, but the sender is known. */
  async tryOut<Result>(sender: string, work: (turn: Turn) => Promise<Result>): Promise<Result> {
    const { cache, store } = this.#parts
    return this.#withTicket(sender, async model => {
      const { tracker, revision } = await cache.takeOut(sender, model.domain)
      if (revision.number === 0) await store.append(sender, revision, [], [])
      return work(this.#turn(model, tracker, []))
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
    return this.#withTicket(sender, async ({ domain }) => {
      await store.replace(sender, events)
      const { tracker, revision } = await cache.takeOut(sender, domain)
      cache.put(sender, { tracker, revision })
      return view(tracker)
    })
  }

  async #withTicket<Result>(sender: string, work: (model: ServedModel) => Promise<Result>): Promise<Result> {
    const { models, inbox } = this.#parts
    models.require()
    const ticket = await inbox.take(sender)
    try {
      return await work(models.require(sender))
    } finally {
      await ticket.release()
    }
  }

  #turn(model: ServedModel, tracker: Tracker, why: ActionReason[]): Turn {
    const { surround, context } = this.#parts
    return {
      model,
      tracker,
      context: output => context(model, output),
      async run(part, output) {
        const result = await perform(part(context(model, output)), surround(tracker.senderId, model, output))
        if (hasReasons(result)) why.push(...result.why)
        return result
      },
    }
  }
}

function hasReasons(result: unknown): result is { readonly why: readonly ActionReason[] } {
  return typeof result === 'object' && result !== null && 'why' in result && Array.isArray(result.why)
}
