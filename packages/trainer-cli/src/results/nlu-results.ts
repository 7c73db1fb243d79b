// The result files of a test of understanding, under Rasa's names and in its shapes.

import type { EntityEvaluation, IntentResult, LabelEvaluation, NluEvaluation } from '@tabula/model'
import { confidenceHistogramSvg, type Judged } from '../pictures/confidence-histogram.ts'
import { confusionMatrixSvg } from '../pictures/confusion-matrix.ts'
import { writePicture } from '../pictures/picture-files.ts'
import { type ResultOptions, writeJson, writeList } from './result-files.ts'

type Entry = (result: IntentResult) => unknown

const INTENT: Entry = ({ text, target, predicted, confidence }) => ({
  text,
  intent: target,
  intent_prediction: { name: predicted, confidence },
})

const RESPONSE: Entry = ({ text, target, predicted, confidence }) => ({
  text,
  intent_response_key_target: target,
  intent_response_key_prediction: { name: predicted, confidence },
})

/** Writes reports, errors, successes and pictures of all that was evaluated. */
export async function writeNluResults(evaluation: NluEvaluation, options: ResultOptions): Promise<void> {
  const { intents, responses, entities } = evaluation
  if (intents !== null) await writeLabels('intent', 'Intent', intents, INTENT, options)
  if (responses !== null)
    await writeLabels('response_selection', 'Response Selection', responses, RESPONSE, options)
  for (const each of entities) await writeEntities(each, options)
}

async function writeLabels(
  name: string,
  title: string,
  { report, results, confusion }: LabelEvaluation,
  entryOf: Entry,
  { out, errors, successes, plots }: ResultOptions,
): Promise<void> {
  await writeJson(out, `${name}_report.json`, report)
  const isRight = ({ target, predicted }: IntentResult): boolean => target === predicted
  if (errors) await writeList(out, `${name}_errors.json`, results.filter(each => !isRight(each)).map(entryOf))
  if (successes) await writeList(out, `${name}_successes.json`, results.filter(isRight).map(entryOf))
  if (!plots) return
  await writePicture(
    out,
    `${name}_confusion_matrix`,
    confusionMatrixSvg(confusion, `${title} Confusion matrix`),
  )
  const judged = results.map((each): Judged => ({ confidence: each.confidence, isRight: isRight(each) }))
  await writePicture(
    out,
    `${name}_histogram`,
    confidenceHistogramSvg(judged, `${title} Prediction Confidence Distribution`),
  )
}

async function writeEntities(
  { extractor, report, errors: wrong, successes: right, confusion, confidences }: EntityEvaluation,
  { out, errors, successes, plots }: ResultOptions,
): Promise<void> {
  await writeJson(out, `${extractor}_report.json`, report)
  if (errors) await writeList(out, `${extractor}_errors.json`, wrong)
  if (successes) await writeList(out, `${extractor}_successes.json`, right)
  if (!plots) return
  await writePicture(
    out,
    `${extractor}_confusion_matrix`,
    confusionMatrixSvg(confusion, 'Entity Confusion matrix'),
  )
  if (confidences !== null)
    await writePicture(
      out,
      `${extractor}_histogram`,
      confidenceHistogramSvg(confidences, 'Entity Prediction Confidence Distribution'),
    )
}
