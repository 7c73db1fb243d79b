// Drives a turn to its end with a function in the place of the world.

import type { Effect, Effectful, EffectResult } from '../src/index.ts'

/** What the turn returns; `perform` gives the result of each effect. */
export function drive<Result>(
  turn: Effectful<Result>,
  perform: (effect: Effect) => EffectResult = () => undefined,
): Result {
  let step = turn.next()
  while (step.done !== true) step = turn.next(perform(step.value))
  return step.value
}
