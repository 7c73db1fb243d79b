// What a long training asks of its caller: where it is, and a moment for others now and then.

export interface TrainingControl {
  readonly seed: number
  /** Called with a fraction from 0 to 1. */
  readonly onProgress?: (fraction: number) => void
  /** Awaited now and then; a rejection ends the training with it. */
  readonly breathe?: () => Promise<void>
}

/** The control for a part of a training that goes from one fraction of the whole to another. */
export function partOf(control: TrainingControl, from: number, to: number): TrainingControl {
  const { onProgress } = control
  if (onProgress === undefined) return control
  return {
    ...control,
    onProgress: fraction => {
      onProgress(from + fraction * (to - from))
    },
  }
}
