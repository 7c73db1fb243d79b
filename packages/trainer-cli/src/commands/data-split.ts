// bot data split: a part of the data to train on, the rest to test with.

import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readDataFiles, splitItems, splitExamples, writeNluYaml, writeStoriesYaml } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { type Console, print, printJson } from '../console.ts'
import { showProblems } from '../output/show-problems.ts'
import { existingPath } from './existing-path.ts'

export interface SplitFlags {
  readonly nlu?: string
  readonly trainingFraction?: number
  readonly randomSeed?: number
  readonly out?: string
}

const SEED = 42

/** 0 where both parts were written; every intent with two examples is in both. */
export async function splitNlu(flags: SplitFlags, console: Console): Promise<number> {
  const { trainingFraction = 0.8, randomSeed = SEED } = flags
  const { nlu, out } = await open(flags, console)
  if (nlu.examples.length === 0) throw nothing('NLU examples', flags)
  const { train, test } = splitExamples(nlu.examples, trainingFraction, randomSeed)
  const rest = { ...nlu, synonyms: new Map<string, string>(), regexes: [], lookups: [] }
  await writeFile(join(out, 'training_data.yml'), writeNluYaml({ ...nlu, examples: train }))
  await writeFile(join(out, 'test_data.yml'), writeNluYaml({ ...rest, responses: new Map(), examples: test }))
  return done(train.length, test.length, 'examples', out, console)
}

/** 0 where both parts were written. */
export async function splitStories(flags: SplitFlags, console: Console): Promise<number> {
  const { trainingFraction = 0.8, randomSeed = SEED } = flags
  const { stories, out } = await open(flags, console)
  const told = stories.filter(({ kind }) => kind === 'story')
  if (told.length === 0) throw nothing('stories', flags)
  const { train, test } = splitItems(told, trainingFraction, randomSeed)
  const rules = stories.filter(({ kind }) => kind === 'rule')
  await writeFile(join(out, 'train_stories.yml'), writeStoriesYaml([...train, ...rules]))
  await writeFile(join(out, 'test_stories.yml'), writeStoriesYaml(test))
  return done(train.length, test.length, 'stories', out, console)
}

async function open({ nlu = 'data', out = 'train_test_split' }: SplitFlags, console: Console) {
  const path = existingPath(nlu, 'data', console)
  const read = await readDataFiles({ root: console.folder, data: [path] }, console.environment)
  showProblems(read.problems, console.folder, console)
  const folder = resolve(console.folder, out)
  await mkdir(folder, { recursive: true })
  return { ...read, out: folder }
}

function nothing(what: string, { nlu = 'data' }: SplitFlags): CodedError {
  return new CodedError('data.nothing', `There are no ${what} at '${nlu}' to split.`)
}

function done(train: number, test: number, what: string, out: string, console: Console): number {
  print(console, `${train} ${what} to train on and ${test} to test with were written to ${out}.`)
  printJson(console, { train, test, out })
  return 0
}
