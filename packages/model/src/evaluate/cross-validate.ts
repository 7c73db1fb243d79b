// Trains on all folds but one and tests on that one, for each fold: a measure of how well unknown messages are understood.

import { createRandom } from '@tabula/ml'
import { trainPipeline, type NluTrainingData } from '@tabula/nlu'
import { CodedError } from '@tabula/protocol'
import type { ProjectConfig } from '../project/read-config.ts'
import { evaluateNlu, evaluateResults, type NluEvaluation } from './evaluate-nlu.ts'
import { type ExampleResults, parseExamples } from './parse-examples.ts'
import { foldsOf, withEnoughExamples } from './split-examples.ts'

export interface CrossValidationOptions {
  readonly folds: number
  readonly seed?: number
  readonly onProgress?: (progress: { readonly fold: number; readonly fraction: number }) => void
  readonly signal?: AbortSignal
}

export interface CrossValidation {
  /** Over the test parts of all folds together: each example counts once. */
  readonly evaluation: NluEvaluation
  readonly train: readonly FoldScores[]
  readonly test: readonly FoldScores[]
  /** Intents with too few examples for the folds, which were left out. */
  readonly leftOut: readonly string[]
}

/** Of the intents of one fold. */
export interface FoldScores {
  readonly accuracy: number
  readonly f1: number
  readonly precision: number
}

const SEED = 42

/** The validation. Throws CodedError `test.too-few-examples` (400) where no intent has as many examples as there are folds. */
export async function crossValidate(
  { pipeline, language }: Pick<ProjectConfig, 'pipeline' | 'language'>,
  data: NluTrainingData,
  { folds, seed = SEED, onProgress, signal }: CrossValidationOptions,
): Promise<CrossValidation> {
  const examples = withEnoughExamples(data.examples, folds)
  if (folds < 2 || examples.length === 0)
    throw new CodedError(
      'test.too-few-examples',
      folds < 2
        ? `A cross-validation needs at least 2 folds, not ${folds}.`
        : `No intent has ${folds} examples, one for each fold. Add examples, or ask for fewer folds with --folds.`,
      { status: 400 },
    )
  const kept = new Set(examples.map(({ intent }) => intent))
  const all: { [Key in keyof ExampleResults]: ExampleResults[Key][number][] } = {
    intents: [],
    responses: [],
    entities: [],
  }
  const train: FoldScores[] = []
  const test: FoldScores[] = []
  for (const [fold, part] of foldsOf(examples, folds, createRandom(seed)).entries()) {
    signal?.throwIfAborted()
    const trained = await trainPipeline(
      pipeline,
      { ...data, examples: part.train },
      {
        language,
        seed,
        ...(signal === undefined ? {} : { signal }),
        onProgress: ({ index, count, fraction }) =>
          onProgress?.({ fold, fraction: (0.8 * (index + fraction)) / count }),
      },
    )
    train.push(scoresOf(await evaluateNlu(trained, part.train)))
    const results = await parseExamples(trained, part.test, done =>
      onProgress?.({ fold, fraction: 0.8 + 0.2 * done }),
    )
    test.push(scoresOf(evaluateResults(results)))
    all.intents.push(...results.intents)
    all.responses.push(...results.responses)
    all.entities.push(...results.entities)
  }
  const intents = new Set(data.examples.map(({ intent }) => intent))
  return {
    evaluation: evaluateResults(all),
    train,
    test,
    leftOut: [...intents.difference(kept)].flatMap(name => name ?? []),
  }
}

function scoresOf({ intents }: NluEvaluation): FoldScores {
  const { accuracy = 0, f1 = 0, precision = 0 } = intents ?? {}
  return { accuracy, f1, precision }
}
