// Trains several pipelines on less and less of the data and tests each: which understands best, and how much data it needs.

import { createRandom } from '@tabula/ml'
import { type NluExample, type NluTrainingData, trainPipeline } from '@tabula/nlu'
import type { Problem } from '@tabula/protocol'
import { ProjectError } from '@tabula/protocol'
import type { ProjectConfig } from '../project/read-config.ts'
import { evaluateNlu, type NluEvaluation } from './evaluate-nlu.ts'
import { sample, splitExamples } from './split-examples.ts'

export interface NamedConfig {
  readonly name: string
  readonly config: Pick<ProjectConfig, 'pipeline' | 'language'>
}

export interface ComparisonOptions {
  readonly runs: number
  /** Of the training examples that are left out, in per cent. */
  readonly percentages: readonly number[]
  readonly signal?: AbortSignal
  readonly onResult?: (result: ComparedModel) => void
}

export interface ComparedModel {
  readonly name: string
  /** From 1. */
  readonly run: number
  readonly percentage: number
  readonly train: readonly NluExample[]
  readonly test: readonly NluExample[]
  /** null where the training failed; `problems` says why. */
  readonly evaluation: NluEvaluation | null
  readonly problems: readonly Problem[]
}

export interface Comparison {
  readonly models: readonly ComparedModel[]
  /** Training examples by percentage, in the first run. */
  readonly examples: readonly number[]
  /** F1 of intents: by config, by run, by percentage. */
  readonly f1: Readonly<Record<string, readonly (readonly number[])[]>>
}

/** Of the data that a run has, this share is trained on: the rest is tested on, at every percentage. */
const TRAINING_SHARE = 0.8
const SEED = 42

/** The comparison; a config that cannot be trained counts 0 and does not end it. */
export async function compareConfigs(
  configs: readonly NamedConfig[],
  data: NluTrainingData,
  { runs, percentages, signal, onResult }: ComparisonOptions,
): Promise<Comparison> {
  const models: ComparedModel[] = []
  const f1: Record<string, number[][]> = Object.fromEntries(configs.map(({ name }) => [name, []]))
  const examples: number[] = []
  for (let run = 1; run <= runs; run += 1) {
    const random = createRandom(SEED + run)
    const { train: all, test } = splitExamples(data.examples, TRAINING_SHARE, SEED + run)
    for (const percentage of percentages) {
      const train = sample(all, 1 - percentage / 100, random)
      if (run === 1) examples.push(train.length)
      for (const { name, config } of configs) {
        signal?.throwIfAborted()
        const outcome = await trainAndTest(config, data, train, test, signal)
        const model = { name, run, percentage, train, test, ...outcome }
        models.push(model)
        const runsOfConfig = (f1[name] ??= [])
        ;(runsOfConfig[run - 1] ??= []).push(outcome.evaluation?.intents?.f1 ?? 0)
        onResult?.(model)
      }
    }
  }
  return { models, examples, f1 }
}

async function trainAndTest(
  { pipeline, language }: NamedConfig['config'],
  data: NluTrainingData,
  train: readonly NluExample[],
  test: readonly NluExample[],
  signal: AbortSignal | undefined,
): Promise<Pick<ComparedModel, 'evaluation' | 'problems'>> {
  try {
    const trained = await trainPipeline(
      pipeline,
      { ...data, examples: train },
      { language, seed: SEED, ...(signal === undefined ? {} : { signal }) },
    )
    return { evaluation: await evaluateNlu(trained, test), problems: [] }
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    return { evaluation: null, problems: error.problems }
  }
}
