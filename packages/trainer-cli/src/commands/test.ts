// bot test: dialogue and understanding of a model; statuses as Rasa gives them.

import { relative } from 'node:path'
import { type Console, print, printJson } from '../console.ts'
import { writeReportPage } from '../results/report-page.ts'
import { resultOptions, type StoryOutcome, testCore, type TestCoreFlags } from './test-core.ts'
import { testNlu, type TestNluFlags } from './test-nlu.ts'

export interface TestFlags extends Omit<TestCoreFlags, 'model'>, Omit<TestNluFlags, 'model'> {
  readonly what: 'all' | 'core' | 'nlu'
  readonly models?: readonly string[]
}

/** 0 whatever was predicted, as in Rasa; 1 with --fail-on-prediction-errors where a story failed. */
export async function test(flags: TestFlags, console: Console): Promise<number> {
  const { what, models } = flags
  const stories =
    what === 'nlu'
      ? null
      : await testCore({ ...flags, ...(models === undefined ? {} : { model: models }) }, console)
  const model = models?.[0]
  const nlu =
    what === 'core' ? null : await testNlu({ ...flags, ...(model === undefined ? {} : { model }) }, console)
  const { out } = resultOptions(flags, console)
  if (stories !== null || nlu !== null) {
    const page = await writeReportPage(out, {
      about: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} · ${what === 'all' ? 'stories and NLU data' : what === 'core' ? 'stories' : flags.crossValidation === true ? 'cross-validation of NLU data' : 'NLU data'}`,
      ...(nlu === null ? {} : { nlu }),
      ...(stories === null ? {} : { stories: stories.evaluation }),
    })
    print(
      console,
      `Results: ${relative(console.folder, out)}/, to be read in ${relative(console.folder, page)}`,
    )
  }
  const failed = stories?.evaluation.stories.some(({ isRight }) => !isRight) === true
  printJson(console, {
    out,
    ...(stories === null ? {} : { stories: figuresOf(stories) }),
    ...(nlu?.intents ? { intents: scoresOf(nlu.intents) } : {}),
    ...(nlu?.responses ? { responses: scoresOf(nlu.responses) } : {}),
    ...(nlu === null
      ? {}
      : { entities: nlu.entities.map(each => ({ extractor: each.extractor, ...scoresOf(each) })) }),
  })
  if (!failed) return 0
  if (flags.failOnPredictionErrors === true) return 1
  print(
    console,
    'Stories failed; the status is 0 all the same, as in Rasa. Add --fail-on-prediction-errors to change that.',
  )
  return 0
}

function figuresOf({ report }: StoryOutcome): unknown {
  const { conversations, actions, inTrainingData } = report
  return { ...conversations, actions: scoresOf(actions), in_training_data_fraction: inTrainingData }
}

function scoresOf({ accuracy, f1, precision }: { accuracy: number; f1: number; precision: number }): object {
  return { accuracy, f1_score: f1, precision }
}
