// What tests of a model found, in the shapes that Rasa's API answers with.

import type {
  CrossValidation,
  LabelEvaluation,
  NluEvaluation,
  ReportJson,
  StoryEvaluation,
  StoryReport,
} from '@tabula/model'
import { actionsOf } from '@tabula/model'
import type { NluExample } from '@tabula/nlu'

export type TestResult = Readonly<Record<string, unknown>>

export function storiesResult(
  { stories }: StoryEvaluation,
  { report: all, inTrainingData }: StoryReport,
  endToEnd: boolean,
): TestResult {
  // The share of whole conversations is for files of reports alone, as in Rasa.
  const report = Object.fromEntries(Object.entries(all).filter(([key]) => key !== 'conversation_accuracy'))
  return {
    report,
    ...weighted(report as ReportJson, 'f1'),
    accuracy: report['accuracy'] ?? 0,
    actions: stories.flatMap(actionsOf).map(({ expected, predicted, policy, confidence }) => ({
      action: expected,
      predicted,
      policy,
      confidence,
    })),
    in_training_data_fraction: inTrainingData,
    is_end_to_end_evaluation: endToEnd,
  }
}

/** Where entities are annotated and none was found, Rasa says so with an empty object. */
export function intentsResult(
  { intents, responses, entities }: NluEvaluation,
  examples: readonly NluExample[],
): TestResult {
  const judgesEntities = examples.some(example => example.entities.length > 0)
  return {
    intent_evaluation: intents === null ? null : { ...intentPredictions(intents), ...scores(intents) },
    entity_evaluation: judgesEntities
      ? Object.fromEntries(entities.map(each => [each.extractor, { ...scores(each), errors: each.errors }]))
      : null,
    response_selection_evaluation:
      responses === null ? null : { ...responsePredictions(responses), ...scores(responses) },
  }
}

/** Rasa looks for the weighted F1 under a name that is not there, so clients read null; here it is the figure. */
export function foldsResult({ evaluation: { intents, responses } }: CrossValidation): TestResult {
  const figures = (found: LabelEvaluation | null, errors: readonly unknown[]): TestResult => ({
    report: found?.report ?? {},
    ...(found === null ? { precision: null, f1_score: null } : weighted(found.report, 'f1_score')),
    errors,
  })
  return {
    intent_evaluation: figures(intents, intents === null ? [] : intentPredictions(intents).errors),
    entity_evaluation: figures(null, []),
    response_selection_evaluation: figures(
      responses,
      responses === null ? [] : responsePredictions(responses).errors,
    ),
  }
}

function scores({
  report,
  precision,
  f1,
  accuracy,
}: Omit<LabelEvaluation, 'results' | 'confusion'>): TestResult {
  return { report, precision, f1_score: f1, accuracy }
}

function weighted(report: ReportJson, f1: 'f1' | 'f1_score'): TestResult {
  const average = report['weighted avg']
  const { precision = 0, 'f1-score': score = 0 } = typeof average === 'object' ? average : {}
  return { precision, [f1]: score }
}

function intentPredictions({ results }: LabelEvaluation) {
  return {
    predictions: results.map(({ text, target, predicted, confidence }) => ({
      text,
      intent: target,
      predicted,
      confidence,
    })),
    errors: results
      .filter(({ target, predicted }) => target !== predicted)
      .map(({ text, target, predicted, confidence }) => ({
        text,
        intent: target,
        intent_prediction: { name: predicted, confidence },
      })),
  }
}

function responsePredictions({ results }: LabelEvaluation) {
  return {
    predictions: results.map(({ text, target, predicted, confidence }) => ({
      text,
      intent_response_key_target: target,
      intent_response_key_prediction: predicted,
      confidence,
    })),
    errors: results
      .filter(({ target, predicted }) => target !== predicted)
      .map(({ text, target, predicted, confidence }) => ({
        text,
        intent_response_key_target: target,
        intent_response_key_prediction: { name: predicted, confidence },
      })),
  }
}
