// What forms and the two-stage fallback share: an action that stays active over several turns until it is done.

import type { TrackerEvent } from '@tabula/protocol'
import type { Effectful } from '../turn/effects.ts'
import type { Action, Scene } from './action.ts'

export interface Loop {
  readonly name: string
  /** Events of the beginning; the scene's conversation does not know yet that the loop is active. */
  activate(scene: Scene): Effectful<readonly TrackerEvent[]>
  /** One step; `soFar` are the events of this run until now. */
  act(scene: Scene, soFar: readonly TrackerEvent[]): Effectful<readonly TrackerEvent[]>
  isDone(scene: Scene, soFar: readonly TrackerEvent[]): boolean
  deactivate(scene: Scene): Effectful<readonly TrackerEvent[]>
}

/** The action that runs the loop one step further: activates it, acts, and deactivates it, as far as each is due. */
export function createLoopAction(loop: Loop): Action {
  return {
    name: loop.name,
    mayReject: true,
    *run(scene) {
      const events: TrackerEvent[] = []
      if (scene.tracker.activeLoop?.name !== loop.name) {
        events.push({ event: 'active_loop', name: loop.name }, ...(yield* loop.activate(scene)))
      }
      if (!loop.isDone(scene, events)) events.push(...(yield* loop.act(scene, events)))
      if (loop.isDone(scene, events)) {
        events.push({ event: 'active_loop', name: null }, ...(yield* loop.deactivate(scene)))
      }
      return events
    },
  }
}
