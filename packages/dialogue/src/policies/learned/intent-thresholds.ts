// From which similarity on an intent counts as likely, for each step of tolerance (Rasa's label quantiles).

/** Tolerance goes from 0 to 0.95 in steps of 0.05. */
export const TOLERANCE_STEPS = 20

export interface JudgedStates {
  readonly similarities: Float32Array
  /** Numbers of the intents that stories have here. */
  readonly right: ReadonlySet<number>
}

/**
 * By intent, a threshold a step of tolerance: the quantile of what it scores where stories do not have it, but never above
 * the least that it scores where they have it. Intents that no story has are left out.
 */
export function intentThresholds(judged: readonly JudgedStates[]): Map<number, number[]> {
  const intents = new Set(judged.flatMap(({ right }) => [...right]))
  const thresholds = new Map<number, number[]>()
  for (const intent of intents) {
    const scores = (isRight: boolean): number[] =>
      judged
        .filter(({ right }) => right.has(intent) === isRight)
        .map(({ similarities }) => similarities[intent] ?? 0)
    const least = scores(true).reduce((lowest, score) => Math.min(lowest, score), Infinity)
    const elsewhere = scores(false).sort((a, b) => a - b)
    thresholds.set(
      intent,
      Array.from({ length: TOLERANCE_STEPS }, (_, step) => {
        const at = Math.floor((1 - step / TOLERANCE_STEPS) * (elsewhere.length - 1))
        return Math.min(least, elsewhere[at] ?? least)
      }),
    )
  }
  return thresholds
}
