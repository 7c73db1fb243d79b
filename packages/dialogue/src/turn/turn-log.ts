// The growing record of one turn: stamps each new event, applies it to the conversation, and keeps why it came.

import type { JsonObject, LoggedEvent, TrackerEvent } from '@tabula/protocol'
import type { Tracker } from '../tracker/tracker.ts'
import type { ActionReason, TurnContext, TurnResult } from './context.ts'

export class TurnLog {
  readonly context: TurnContext
  readonly tracker: Tracker
  readonly #firstEvent: number
  readonly #why: ActionReason[] = []
  #isFollowupTaken = false

  constructor(context: TurnContext, tracker: Tracker) {
    this.context = context
    this.tracker = tracker
    this.#firstEvent = tracker.events.length
  }

  /** Events of this turn so far. */
  get events(): readonly LoggedEvent[] {
    return this.tracker.events.slice(this.#firstEvent)
  }

  /** How many actions were logged in this turn since the bot last listened or a session began. */
  get actionsSinceListen(): number {
    const { events } = this.tracker
    let count = 0
    for (let index = events.length - 1; index >= this.#firstEvent; index -= 1) {
      const event = events[index]
      if (event?.event !== 'action') continue
      if (event.name === 'action_listen' || event.name === 'action_session_start') break
      count += 1
    }
    return count
  }

  /** Adds an event as it happens now, whatever time it carries. */
  add(event: TrackerEvent): void {
    this.addAt(event, Math.max(this.context.now(), this.tracker.events.at(-1)?.timestamp ?? 0))
  }

  addAll(events: readonly TrackerEvent[]): void {
    for (const event of events) this.add(event)
  }

  /** Adds an event with a time of its own. */
  addAt(event: TrackerEvent, timestamp: number): void {
    this.tracker.apply(stamped(event, timestamp, this.#metadata(event.metadata)))
    if (SETS_FOLLOWUP.has(event.event)) this.#isFollowupTaken = false
  }

  explain(reason: ActionReason): void {
    this.#why.push(reason)
  }

  /** The followup action that waits, which then waits no more: a rejected one is not tried again. */
  takeFollowup(): string | null {
    if (this.#isFollowupTaken) return null
    this.#isFollowupTaken = true
    return this.tracker.followupAction
  }

  result(): TurnResult {
    return { events: this.events, why: this.#why }
  }

  #metadata(given: JsonObject = {}): JsonObject {
    const { modelId, assistantId } = this.context
    return {
      ...given,
      model_id: given['model_id'] ?? modelId,
      assistant_id: given['assistant_id'] ?? assistantId,
    }
  }
}

/** Events after which a followup may stand that was not there before. */
const SETS_FOLLOWUP: ReadonlySet<TrackerEvent['event']> = new Set([
  'followup',
  'restart',
  'session_started',
  'rewind',
  'undo',
  'user',
  'action',
])

/** The event with its keys in Rasa's order. What a cancel_reminder cancels is not kept, as in Rasa. */
function stamped(event: TrackerEvent, timestamp: number, metadata: JsonObject): LoggedEvent {
  const stamp = { timestamp, metadata }
  if (event.event === 'cancel_reminder') return { event: event.event, ...stamp }
  return { ...{ event: event.event, ...stamp }, ...event, ...stamp }
}
