// What the dialogue would do next, as /predict and /model/predict tell it.

import type { Domain } from '@tabula/dialogue'
import type { NextPrediction } from '../processor/dialogue-engine.ts'

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

/** Best score first, then by name, as Rasa sorts for a conversation. */
export function byScore(prediction: PredictionBody): PredictionBody {
  const scores = prediction.scores.toSorted(
    (left, right) => right.score - left.score || (left.action < right.action ? -1 : 1),
  )
  return { ...prediction, scores }
}
