// AugmentedMemoizationPolicy: where nothing is remembered, it forgets the oldest turns one by one and looks again.

import type { LoggedEvent } from '@tabula/protocol'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import { Tracker } from '../tracker/tracker.ts'
import type { Remembered } from './action-memory.ts'
import { checkMemoization, MEMOIZATION_DEFAULTS, memorize, MemoizationPolicy } from './memoization-policy.ts'
import type { PolicyType } from './policy-type.ts'

export const augmentedMemoizationPolicy: PolicyType = {
  name: 'AugmentedMemoizationPolicy',
  defaults: MEMOIZATION_DEFAULTS,
  check: checkMemoization,
  train: memorize,
  load: (saved, options, context) => new AugmentedMemoizationPolicy(saved, options, context),
}

class AugmentedMemoizationPolicy extends MemoizationPolicy {
  override readonly name: string = 'AugmentedMemoizationPolicy'

  protected override recall(tracker: Tracker): Remembered | null {
    return super.recall(tracker) ?? this.#recallShortened(tracker)
  }

  /**
   * What is remembered of the longest rest of the conversation. A rest is a conversation of its own: slots that were set
   * before it are unset again. Rasa tries the longest rest first; here the shortest comes first, for the search can then
   * end where a rest has more states than any story, and the longest that was found counts all the same.
   */
  #recallShortened(tracker: Tracker): Remembered | null {
    const events = this.#withinHistory(tracker.appliedEvents())
    let found: Remembered | null = null
    for (const start of startsBackwards(events)) {
      const rest = Tracker.fromEvents(tracker.senderId, this.context.domain, events.slice(start))
      const states = this.statesOf(rest)
      if (states === null) break
      found = this.memory.recall(states) ?? found
    }
    return found
  }

  /** The last `max_history` actions and what led to the first of them. */
  #withinHistory(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
    if (this.maxHistory === null) return events
    let actions = 0
    for (let index = events.length - 1; index >= 0; index -= 1) {
      const event = events[index]
      if (event?.event !== 'action') continue
      actions += 1
      if (actions > this.maxHistory && event.name === ACTION_LISTEN) return events.slice(index)
    }
    return events
  }
}

/** Places of actions that a rest can begin with, the latest first; a hidden turn that changed nothing makes no other rest. */
function* startsBackwards(events: readonly LoggedEvent[]): Generator<number> {
  let changes = true
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index]
    if (event?.event === 'action') {
      if (changes || !event.hide_rule_turn) yield index
      changes = false
    } else if (event !== undefined && !SILENT.has(event.event)) changes = true
  }
}

/** Events that leave slots and loops as they are. */
const SILENT: ReadonlySet<LoggedEvent['event']> = new Set(['user', 'bot', 'user_featurization', 'entities'])
