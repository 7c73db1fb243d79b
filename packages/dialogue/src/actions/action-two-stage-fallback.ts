// Not understood: asks what was meant, then for other words, and gives up at the second failure.

import type { TrackerEvent, UserUttered } from '@tabula/protocol'
import type { Tracker } from '../tracker/tracker.ts'
import type { Effectful } from '../turn/effects.ts'
import { LISTENED } from './action-listen.ts'
import { ActionFailure } from './action.ts'
import type { Action, Scene } from './action.ts'
import { createLoopAction } from './loop-action.ts'

const NAME = 'action_two_stage_fallback'
const NOT_UNDERSTOOD = 'nlu_fallback'
const DENIED = 'out_of_scope'

export const actionTwoStageFallback: Action = createLoopAction({
  name: NAME,
  *activate() {
    return []
  },
  *act(scene, soFar) {
    const hasJustBegun = soFar.some(event => event.event === 'active_loop')
    const asksAffirmation = hasJustBegun || latestIntent(scene.tracker) === NOT_UNDERSTOOD
    return yield* scene
      .findAction(asksAffirmation ? 'action_default_ask_affirmation' : 'action_default_ask_rephrase')
      .run(scene)
  },
  isDone: ({ tracker }) => isUnderstood(tracker) || hasFailedTwice(tracker),
  deactivate,
})

/** The fallback's answer after the second failure; else the clarified message, as if it had been said at first. */
function* deactivate(scene: Scene): Effectful<readonly TrackerEvent[]> {
  if (hasFailedTwice(scene.tracker)) return yield* scene.findAction('action_default_fallback').run(scene)
  return [{ event: 'rewind' }, LISTENED, clarified(scene.tracker)]
}

function clarified({ latestMessage }: Tracker): UserUttered {
  if (latestMessage === null)
    throw new ActionFailure(`${NAME}: there is no message of the user to go on with.`)
  const { parse_data } = latestMessage
  const intent = { ...parse_data.intent, name: parse_data.intent.name ?? null, confidence: 1 }
  return { ...latestMessage, parse_data: { ...parse_data, intent } }
}

function isUnderstood(tracker: Tracker): boolean {
  const intent = latestIntent(tracker)
  return intent !== NOT_UNDERSTOOD && intent !== DENIED
}

function hasFailedTwice(tracker: Tracker): boolean {
  const [last, second, third] = latestIntents(tracker)
  if (last === NOT_UNDERSTOOD) return second === NOT_UNDERSTOOD
  return last === DENIED && second === NOT_UNDERSTOOD && third === DENIED
}

function latestIntent({ latestMessage }: Tracker): string | null {
  return latestMessage?.parse_data.intent.name ?? null
}

/** Intents of the last three among messages and rewinds, latest first; undefined where it was a rewind. */
function latestIntents({ events }: Tracker): readonly (string | null | undefined)[] {
  const found: (string | null | undefined)[] = []
  for (let index = events.length - 1; index >= 0 && found.length < 3; index -= 1) {
    const event = events[index]
    if (event?.event === 'restart') break
    if (event?.event === 'user') found.push(event.parse_data.intent.name ?? null)
    else if (event?.event === 'rewind') found.push(undefined)
  }
  return found
}
