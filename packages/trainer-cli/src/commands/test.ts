// bot test: dialogue and understanding of a model; statuses as Rasa gives them.

import { relative } from 'node:path'
import { type Console, print, printJson } from '../console.ts'
import { writeReportPage } from '../results/report-page.ts'
import { resultOptions, type StoryOutcome, testCore, type TestCoreFlags } from './test-core.ts'
import { testNlu, type TestNluFlags } from './test-nlu.ts'

export interface TestFlags extends Omit<TestCoreFlags, 'model'>, Omit<TestNluFlags, 'model'> {
  /** Plays stories as conversations in which actions run: `real`, `stub`, or a file. */
  readonly actions?: string
  readonly recordActions?: string
  readonly endpoints?: string
  readonly what: 'all' | 'core' | 'nlu'
  readonly models?: readonly string[]
}

/** 0 whatever was predicted, as in Rasa; 1 with --fail-on-prediction-errors where a story failed. */
export async function test(flags: TestFlags, console: Console): Promise<number> {
  const { what, models, actions } = flags
  if (what === 'core' && actions !== undefined) return conversations({ ...flags, actions }, console)
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

/** The same statuses for stories that are played as conversations. */
async function conversations(
  flags: TestFlags & { readonly actions: string },
  console: Console,
): Promise<number> {
  const { models, ...rest } = flags
  const { testConversations } = await import('./test-conversations.ts')
  const played = await testConversations(
    { ...rest, ...(models === undefined ? {} : { model: models }) },
    console,
  )
  printJson(console, { conversations: played })
  const failed = played.some(({ mismatches }) => mismatches.length > 0)
  return failed && flags.failOnPredictionErrors === true ? 1 : 0
}

function figuresOf({ report }: StoryOutcome): unknown {
  const { conversations, actions, inTrainingData } = report
  return { ...conversations, actions: scoresOf(actions), in_training_data_fraction: inTrainingData }
}

function scoresOf({ accuracy, f1, precision }: { accuracy: number; f1: number; precision: number }): object {
  return { accuracy, f1_score: f1, precision }
}
