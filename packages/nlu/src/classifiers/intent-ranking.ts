// A ranking of intents as Rasa's classifiers give it, and written into a message.

import type { IntentPrediction, JsonObject } from '@tabula/protocol'
import type { ComponentContext, TrainingMessage } from '../component.ts'
import type { Message } from '../message.ts'
import type { IntentLearner } from './intent-learner.ts'

/** The label of a training message: the intent, without the response key of a retrieval intent. */
export function intentOf({ example }: TrainingMessage): string | undefined {
  return example.intent
}

/** Sets intent and intent_ranking; without a learner the intent is null and the ranking empty. */
export function setIntent(message: Message, learner: IntentLearner | null, options: JsonObject): void {
  const ranking = shorten(learner?.rank(message) ?? [], options)
  message.intent = ranking[0] ?? { name: null, confidence: 0 }
  message.ranking = ranking
}

/** The ranking as long as ranking_length says (0: whole), summing to 1 where renormalize_confidences is on. */
export function shorten(
  ranking: readonly IntentPrediction[],
  options: JsonObject,
): readonly IntentPrediction[] {
  const length = typeof options['ranking_length'] === 'number' ? options['ranking_length'] : 10
  const kept = length > 0 ? ranking.slice(0, length) : ranking
  const sum = kept.reduce((total, { confidence = 0 }) => total + confidence, 0)
  return options['renormalize_confidences'] === true && sum > 0
    ? kept.map(({ name, confidence = 0 }) => ({ name, confidence: confidence / sum }))
    : kept
}

/** Says that there are too few intents to tell apart; the rest of the pipeline is trained all the same. */
export function warnOfTooFewIntents(name: string, context: ComponentContext): void {
  context.warn({
    severity: 'warning',
    code: 'nlu.too-few-intents',
    message: `'${name}' learns no intents: the data has fewer than two.`,
    hint: 'Write examples of at least two intents.',
  })
}
