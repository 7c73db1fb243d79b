// How a component's training lets others run, and stops when it is told to.

import type { TrainingControl } from '@tabula/ml'
import type { ComponentContext } from './component.ts'

/** The control for a learner: the option random_seed wins over the training's seed. */
export function controlOf(context: ComponentContext, seed: unknown = null): TrainingControl {
  const { onProgress, signal } = context
  return {
    seed: typeof seed === 'number' ? seed : context.seed,
    ...(onProgress === undefined ? {} : { onProgress }),
    breathe: async () => {
      await new Promise(resolve => setImmediate(resolve))
      signal?.throwIfAborted()
    },
  }
}
