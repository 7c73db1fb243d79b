// Runs one action by name, whatever the policies would say. The bot does not listen after it.

import type { Tracker } from '../tracker/tracker.ts'
import type { TurnContext, TurnResult } from './context.ts'
import type { Effectful } from './effects.ts'
import { runAction } from './run-action.ts'
import { beginSessionIfDue } from './session.ts'
import { TurnLog } from './turn-log.ts'

export interface ActionOrder {
  readonly name: string
  /** Who is said to have chosen it. */
  readonly policy: string | null
  readonly confidence: number
}

/** The action's events, after a session's if one was due; throws CodedError `turn.unknown-action`. */
export function* executeAction(
  context: TurnContext,
  tracker: Tracker,
  { name, policy, confidence }: ActionOrder,
): Effectful<TurnResult> {
  const turn = new TurnLog(context, tracker)
  yield* beginSessionIfDue(turn)
  yield* runAction(turn, { action: name, policy, confidence, hideRuleTurn: false, events: [] })
  return turn.result()
}
