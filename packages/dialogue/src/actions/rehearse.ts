// A conversation as it would be after more events: what a called action is shown before anything is certain.

import type { TrackerEvent } from '@tabula/protocol'
import type { Tracker } from '../tracker/tracker.ts'
import type { TurnContext } from '../turn/context.ts'
import type { Effectful } from '../turn/effects.ts'
import type { Scene } from './action.ts'

/** What `body` does where these events have happened too; a called action is then shown the events after the last restart only. */
export function rehearse<Result>(
  scene: Scene,
  events: readonly TrackerEvent[],
  body: (scene: Scene) => Effectful<Result>,
): Effectful<Result> {
  return withEvents(scene.context, scene.tracker, events, () =>
    body({ ...scene, verbosity: 'AFTER_RESTART' }),
  )
}

/** What `body` does while the tracker has these events as well. */
export function withEvents<Result>(
  { now }: TurnContext,
  tracker: Tracker,
  events: readonly TrackerEvent[],
  body: () => Effectful<Result>,
): Effectful<Result> {
  const timestamp = Math.max(now(), tracker.events.at(-1)?.timestamp ?? 0)
  return tracker.imagining(
    events.map(event => ({ ...event, timestamp })),
    body,
  )
}
