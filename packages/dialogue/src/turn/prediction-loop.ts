// Predicts and runs actions until the bot listens.

import { ACTION_LISTEN, ACTION_SESSION_START } from '../domain/default-names.ts'
import { LISTENED } from '../actions/action-listen.ts'
import type { Effectful } from './effects.ts'
import { decide } from './predict-next.ts'
import { extractSlots, runAction } from './run-action.ts'
import type { TurnLog } from './turn-log.ts'

/** An action that listens by itself starts the count anew; this many times the limit ends the turn all the same. */
const MOST_ROUNDS = 3

/**
 * Runs the rest of the turn. At the limit of actions the turn ends with action_listen and an error in the log; Rasa stops
 * without a listen, and the sender is not answered again in that session.
 */
export function* runPredictionLoop(turn: TurnLog): Effectful<void> {
  const { maxActions } = turn.context
  let mayGoOn = true
  for (let steps = 0; mayGoOn && isListening(turn); steps += 1) {
    if (isLimitReached(turn) || steps >= MOST_ROUNDS * maxActions) {
      turn.add(LISTENED)
      yield {
        kind: 'log',
        level: 'error',
        code: 'turn.action-limit',
        message: `The turn was ended after ${turn.actionsSinceListen === 0 ? steps : maxActions} actions without a listen.`,
      }
      return
    }
    const step = yield* decide(turn)
    if (step.isEndToEnd) yield* extractSlots(turn)
    mayGoOn = yield* runAction(turn, step)
  }
}

/** A paused conversation goes on only where the user restarts it. */
function isListening({ tracker }: TurnLog): boolean {
  return !tracker.paused || tracker.latestMessage?.parse_data.intent.name === 'restart'
}

/** Counted over what was logged, taken back or not; but not while the conversation, as it stands, listens. */
function isLimitReached(turn: TurnLog): boolean {
  const latest = turn.tracker.latestActionName
  if (latest === ACTION_LISTEN || latest === ACTION_SESSION_START) return false
  return turn.actionsSinceListen >= turn.context.maxActions
}
