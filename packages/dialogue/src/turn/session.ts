// When a conversation begins a new session, and how.

import type { JsonObject } from '@tabula/protocol'
import { ACTION_SESSION_START, SESSION_START_METADATA_SLOT } from '../domain/default-names.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { TurnContext, TurnResult } from './context.ts'
import type { Effectful } from './effects.ts'
import { runAction } from './run-action.ts'
import { TurnLog } from './turn-log.ts'

/** A session begun where the conversation has no event at all, nothing otherwise. */
export function* startSession(context: TurnContext, tracker: Tracker): Effectful<TurnResult> {
  const turn = new TurnLog(context, tracker)
  if (tracker.events.length === 0) yield* beginSession(turn)
  return turn.result()
}

/** A session begun where none has begun or the last one has expired, nothing otherwise. */
export function* updateSession(context: TurnContext, tracker: Tracker): Effectful<TurnResult> {
  const turn = new TurnLog(context, tracker)
  yield* beginSessionIfDue(turn)
  return turn.result()
}

/** Begins a session where one is due; `metadata` of the message that begins it becomes a slot first. */
export function* beginSessionIfDue(turn: TurnLog, metadata: JsonObject = {}): Effectful<void> {
  if (turn.tracker.appliedEvents().length === 0 || isSessionExpired(turn.context, turn.tracker)) {
    yield* beginSession(turn, metadata)
  }
}

function* beginSession(turn: TurnLog, metadata: JsonObject = {}): Effectful<void> {
  if (Object.keys(metadata).length > 0) {
    turn.add({ event: 'slot', name: SESSION_START_METADATA_SLOT, value: metadata })
  }
  yield* runAction(turn, {
    action: ACTION_SESSION_START,
    policy: null,
    confidence: 1,
    hideRuleTurn: false,
    events: [],
  })
}

/** Whether the user's last message that counts is longer ago than a session may last; 0 minutes = it lasts for ever. */
function isSessionExpired({ domain, now }: TurnContext, tracker: Tracker): boolean {
  const { expirationMinutes } = domain.sessionConfig
  if (expirationMinutes <= 0) return false
  const latest = tracker.appliedEvents().findLast(event => event.event === 'user')
  return latest !== undefined && (now() - latest.timestamp) / 60 > expirationMinutes
}
