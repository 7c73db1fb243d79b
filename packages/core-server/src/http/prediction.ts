// What the dialogue would do next, as /predict and /model/predict tell it.

import type { Domain, NextPrediction } from '@tabula/dialogue'

export interface PredictionBody {
  readonly scores: readonly { readonly action: string; readonly score: number }[]
  readonly policy: string | null
  readonly confidence: number
}

/** Scores in the domain's order of actions. */
export function toPrediction(prediction: NextPrediction, domain: Domain): PredictionBody {
  return {
    scores: domain.actions.map((action, index) => ({ action, score: prediction.probabilities[index] ?? 0 })),
    policy: prediction.policy,
    confidence: prediction.confidence,
  }
}
