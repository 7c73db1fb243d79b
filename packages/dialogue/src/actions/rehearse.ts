// A conversation as it would be after more events: what a called action is shown before anything is certain.

import type { TrackerEvent } from '@tabula/protocol'
import type { TurnContext } from '../turn/context.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { Scene } from './action.ts'

/** The scene with these events at its end; a called action is then shown the events after the last restart only. */
export function rehearse(scene: Scene, events: readonly TrackerEvent[]): Scene {
  return { ...scene, tracker: withEvents(scene.context, scene.tracker, events), verbosity: 'AFTER_RESTART' }
}

/** A copy of the tracker that goes its own way with these events. */
export function withEvents(context: TurnContext, tracker: Tracker, events: readonly TrackerEvent[]): Tracker {
  const copy = tracker.fork()
  const timestamp = Math.max(context.now(), tracker.events.at(-1)?.timestamp ?? 0)
  for (const event of events) copy.apply({ ...event, timestamp })
  return copy
}
