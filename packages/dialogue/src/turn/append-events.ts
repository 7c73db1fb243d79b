// Events that someone adds by hand: they keep their times, and move the world only if asked to.

import type { TrackerEvent } from '@tabula/protocol'
import { ACTION_SESSION_START } from '../domain/default-names.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { TurnContext, TurnResult } from './context.ts'
import type { Effectful } from './effects.ts'
import { startSession } from './session.ts'
import { performSideEffects } from './side-effects.ts'
import { TurnLog } from './turn-log.ts'

/** The new events; an empty conversation gets its first session before them, unless they start with one. */
export function* appendEvents(
  context: TurnContext,
  tracker: Tracker,
  events: readonly TrackerEvent[],
  { executeSideEffects }: { readonly executeSideEffects: boolean },
): Effectful<TurnResult> {
  const turn = new TurnLog(context, tracker)
  if (!beginsWithSession(events)) yield* startSession(context, tracker)
  for (const event of events) {
    if (typeof event.timestamp === 'number') turn.addAt(event, event.timestamp)
    else turn.add(event)
  }
  if (executeSideEffects) yield* performSideEffects(events)
  return turn.result()
}

function beginsWithSession([first, second]: readonly TrackerEvent[]): boolean {
  return (
    first?.event === 'action' && first.name === ACTION_SESSION_START && second?.event === 'session_started'
  )
}
