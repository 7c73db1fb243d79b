// A pipeline's results on labeled examples: intents, responses of retrieval intents, and entities by extractor.

import type { NluExample, Pipeline } from '@tabula/nlu'
import { classificationReport, type ClassificationReport } from './classification-report.ts'
import { type EntityEvaluation, evaluateEntities } from './evaluate-entities.ts'
import { type ExampleResults, type IntentResult, parseExamples } from './parse-examples.ts'

export interface LabelEvaluation extends ClassificationReport {
  readonly results: readonly IntentResult[]
}

export interface NluEvaluation {
  /** null where no example has an intent. */
  readonly intents: LabelEvaluation | null
  readonly responses: LabelEvaluation | null
  readonly entities: readonly EntityEvaluation[]
}

/** The evaluation of the examples. */
export async function evaluateNlu(
  pipeline: Pipeline,
  examples: readonly NluExample[],
  onProgress?: (fraction: number) => void,
): Promise<NluEvaluation> {
  return evaluateResults(await parseExamples(pipeline, examples, onProgress))
}

/** The evaluation of results that were gathered before, of one run or of several. */
export function evaluateResults({ intents, responses, entities }: ExampleResults): NluEvaluation {
  return {
    intents: evaluateLabels(intents),
    responses: evaluateLabels(responses),
    entities: evaluateEntities(entities),
  }
}

function evaluateLabels(results: readonly IntentResult[]): LabelEvaluation | null {
  if (results.length === 0) return null
  const report = classificationReport(
    results.map(({ target }) => target),
    results.map(({ predicted }) => predicted),
  )
  return { ...report, results }
}
