// Runs one action: what led to it, its own event, its events, and only then what it sends.

import type { ActionExecuted, JsonObject, TrackerEvent } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import { ActionRejection } from '../actions/action.ts'
import type { Action, Scene } from '../actions/action.ts'
import { findAction } from '../actions/find-action.ts'
import { withEvents } from '../actions/rehearse.ts'
import { ACTION_LISTEN, ACTION_SESSION_START } from '../domain/default-names.ts'
import type { ActionReason } from './context.ts'
import type { Effectful } from './effects.ts'
import { performSideEffects, sendBotMessages } from './side-effects.ts'
import type { TurnLog } from './turn-log.ts'

/** An action that is to be run, with what its event says about who chose it. */
export interface Decision {
  readonly action: string
  readonly policy: string | null
  readonly confidence: number
  readonly hideRuleTurn: boolean
  /** What policies log before the action; lost where the action rejects. */
  readonly events: readonly TrackerEvent[]
  readonly actionMetadata?: JsonObject
  readonly reason?: ActionReason
}

/** Whether the turn may go on after it: false once the bot listens or a session has begun. */
export function* runAction(turn: TurnLog, decision: Decision): Effectful<boolean> {
  const action = findAction(turn.context.domain, decision.action)
  const mayGoOn = action.name !== ACTION_LISTEN && action.name !== ACTION_SESSION_START
  const events = yield* eventsOf(turn, action, decision)
  if (events === 'rejected') {
    const { policy, confidence } = decision
    turn.add({ event: 'action_execution_rejected', name: action.name, policy, confidence })
    return mayGoOn
  }
  logRun(turn, action, decision, events)
  if (events.some(event => event.event === 'user')) yield* extractSlots(turn)
  yield* performSideEffects(events)
  return mayGoOn
}

/** Fills slots from the latest message; logs what came of it, but no event for the action itself. */
export function* extractSlots(turn: TurnLog): Effectful<void> {
  const action = findAction(turn.context.domain, 'action_extract_slots')
  const events = yield* guarded(action, sceneOf(turn))
  if (events === 'rejected') return
  yield* sendBotMessages(events)
  turn.addAll(events)
}

function* eventsOf(
  turn: TurnLog,
  action: Action,
  decision: Decision,
): Effectful<readonly TrackerEvent[] | 'rejected'> {
  const scene = sceneOf(turn)
  if (!action.mayReject) turn.addAll(decision.events)
  if (!action.mayReject || decision.events.length === 0) return yield* guarded(action, scene)
  // Only imagined for now: should it reject, what led to it is not logged.
  return yield* withEvents(turn.context, turn.tracker, decision.events, () => guarded(action, scene))
}

/** A failed action has no events, and the log says why: the conversation goes on. */
function* guarded(action: Action, scene: Scene): Effectful<readonly TrackerEvent[] | 'rejected'> {
  try {
    return yield* action.run(scene)
  } catch (error) {
    if (error instanceof ActionRejection) return 'rejected'
    const code = error instanceof CodedError ? error.code : 'action.failed'
    const reason = error instanceof Error ? error.message : String(error)
    yield { kind: 'log', level: 'error', code, message: `${action.name} failed and has no effect: ${reason}` }
    return []
  }
}

function logRun(turn: TurnLog, action: Action, decision: Decision, events: readonly TrackerEvent[]): void {
  const isRejectedByItself = events.some(event => event.event === 'action_execution_rejected')
  if (!isRejectedByItself) {
    if (action.mayReject) turn.addAll(decision.events)
    turn.add(executed(action, decision))
    if (decision.reason !== undefined) turn.explain(decision.reason)
  }
  turn.addAll(events)
}

function executed(
  action: Action,
  { policy, confidence, hideRuleTurn, actionMetadata }: Decision,
): ActionExecuted {
  return {
    event: 'action',
    ...(actionMetadata === undefined ? {} : { metadata: actionMetadata }),
    name: action.text === undefined ? action.name : null,
    policy,
    confidence,
    action_text: action.text ?? null,
    hide_rule_turn: hideRuleTurn,
  }
}

function sceneOf({ context, tracker }: TurnLog): Scene {
  return { context, tracker, verbosity: 'ALL', findAction: name => findAction(context.domain, name) }
}
