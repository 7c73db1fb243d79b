// bot test nlu: how well messages are understood: by a model, by cross-validation, or by several configs compared.

import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import {
  compareConfigs,
  crossValidate,
  evaluateNlu,
  type FoldScores,
  type NamedConfig,
  type NluEvaluation,
  readConfigFile,
  readDataFiles,
  writeNluYaml,
} from '@tabula/model'
import { CodedError, ProjectError } from '@tabula/protocol'
import { colorsOf, type Console, print, tell } from '../console.ts'
import { createCounter } from '../output/counter.ts'
import { showProblems } from '../output/show-problems.ts'
import { lineChartSvg } from '../pictures/line-chart.ts'
import { writePicture } from '../pictures/picture-files.ts'
import { writeNluResults } from '../results/nlu-results.ts'
import { type ResultOptions, writeJson } from '../results/result-files.ts'
import { untilStopped } from '../stopped.ts'
import { existingPath, missingPath } from './existing-path.ts'
import { openModel } from './open-model.ts'
import { fixed, pointsOf, type ResultFlags, resultOptions } from './test-core.ts'

export interface TestNluFlags extends ResultFlags {
  readonly model?: string
  readonly nlu?: string
  readonly config?: readonly string[]
  readonly domain?: string
  readonly crossValidation?: boolean
  readonly folds?: number
  readonly runs?: number
  readonly percentages?: readonly number[]
}

/** The evaluation; null where several configs were compared, or the model cannot understand messages. */
export async function testNlu(flags: TestNluFlags, console: Console): Promise<NluEvaluation | null> {
  const options = resultOptions(flags, console)
  const configs = await configFiles(flags.config, console)
  const isComparison = configs.length > 1
  const language = configs[0] === undefined ? 'en' : (await configOf(configs[0], console)).config.language
  const path = existingPath(flags.nlu ?? 'data', 'data', console)
  const data = await readDataFiles({ root: console.folder, data: [path], language }, console.environment)
  showProblems(data.problems, console.folder, console)
  if (data.nlu.examples.length === 0)
    throw new CodedError('test.no-examples', `There are no NLU examples at '${path}'. Name them with --nlu.`)
  if (isComparison) return compare(configs, data.nlu, flags, options, console)
  if (flags.crossValidation === true) return crossValidation(configs, data.nlu, flags, options, console)
  const { pipeline, file } = await openModel(flags.model ?? 'models', console)
  if (pipeline === null) {
    tell(console, `The model ${basename(file)} was trained without understanding: no example is tested.`)
    return null
  }
  const counter = createCounter('examples', console)
  const count = data.nlu.examples.length
  const evaluation = await evaluateNlu(pipeline, data.nlu.examples, done => {
    counter.take(Math.round(done * count), count)
  })
  counter.done()
  await writeNluResults(evaluation, options)
  showNlu(evaluation, console)
  return evaluation
}

type Data = Awaited<ReturnType<typeof readDataFiles>>['nlu']

async function crossValidation(
  [file = 'config.yml']: readonly string[],
  data: Data,
  { folds = 5 }: TestNluFlags,
  options: ResultOptions,
  console: Console,
): Promise<NluEvaluation> {
  const { config } = await configOf(file, console)
  const counter = createCounter(`per cent of ${folds} folds`, console)
  const found = await untilStopped(signal =>
    crossValidate(config, data, {
      folds,
      signal,
      onProgress: ({ fold, fraction }) => {
        counter.take(Math.round((100 * (fold + fraction)) / folds), 100)
      },
    }),
  )
  counter.done()
  if (found.leftOut.length > 0)
    tell(console, `Left out, with fewer than ${folds} examples: ${found.leftOut.join(', ')}.`)
  await writeNluResults(found.evaluation, options)
  if (found.evaluation.intents === null) {
    tell(
      console,
      `Fewer than two intents have ${folds} examples: there is nothing to tell apart. Add examples, or ask for fewer folds with --folds.`,
    )
    return found.evaluation
  }
  print(console, `Cross-validation with ${folds} folds (intents, mean and spread)`)
  showFolds('train', found.train, console)
  showFolds('test', found.test, console)
  showNlu(found.evaluation, console)
  return found.evaluation
}

async function compare(
  files: readonly string[],
  data: Data,
  { runs = 3, percentages = [0, 25, 50, 75] }: TestNluFlags,
  options: ResultOptions,
  console: Console,
): Promise<null> {
  const configs: NamedConfig[] = []
  for (const file of files) configs.push(await configOf(file, console))
  const found = await untilStopped(signal =>
    compareConfigs(configs, data, {
      runs,
      percentages,
      signal,
      onResult: ({ name, run, percentage, evaluation }) => {
        const f1 = evaluation?.intents?.f1 ?? 0
        tell(console, `  run ${run} of ${runs}, ${percentage} % left out, ${name}: F1 ${fixed(f1)}`)
      },
    }),
  )
  for (const model of found.models) {
    const folder = join(options.out, `run_${model.run}`)
    const inner = join(folder, `${model.percentage}%_exclusion`)
    await mkdir(join(inner, 'train'), { recursive: true })
    await writeFile(join(folder, 'test.yml'), writeNluYaml({ ...EMPTY, examples: model.test }))
    await writeFile(join(inner, 'train', 'nlu.yml'), writeNluYaml({ ...EMPTY, examples: model.train }))
    if (model.evaluation === null) showProblems(model.problems, console.folder, console)
    else
      await writeNluResults(model.evaluation, {
        ...options,
        out: join(inner, `${model.name}_report`),
        plots: false,
        errors: true,
      })
  }
  await writeJson(options.out, 'results.json', found.f1)
  const lines = Object.entries(found.f1).map(([name, each]) => ({
    name,
    points: pointsOf(each, percentages.length),
  }))
  if (options.plots)
    await writePicture(
      options.out,
      'nlu_model_comparison_graph',
      lineChartSvg(found.examples, lines, {
        title: 'F1 of intents by config',
        x: 'Training examples',
        y: 'F1 (mean and spread over the runs)',
      }),
    )
  for (const { name, points } of lines)
    print(
      console,
      `${name}: F1 ${points.map(({ mean }, index) => `${fixed(mean)} with ${found.examples[index] ?? 0} examples`).join(', ')}`,
    )
  return null
}

const EMPTY = { synonyms: new Map<string, string>(), regexes: [], lookups: [], responses: new Map() }

/** The config files that the flags name; those of a folder where they name one. */
async function configFiles(named: readonly string[] | undefined, console: Console): Promise<string[]> {
  const files: string[] = []
  for (const name of named ?? []) {
    const path = existingPath(name, 'config.yml', console)
    const found = await stat(resolve(console.folder, path)).catch(() => null)
    if (found === null) throw missingPath(name, 'config.yml')
    if (!found.isDirectory()) files.push(path)
    else
      for (const file of (await readdir(resolve(console.folder, path))).toSorted())
        if (/\.ya?ml$/.test(file)) files.push(join(path, file))
  }
  return files
}

async function configOf(file: string, console: Console): Promise<NamedConfig> {
  const { config, problems } = await readConfigFile(
    { root: console.folder, config: file },
    console.environment,
  )
  if (problems.some(({ severity }) => severity === 'error')) throw new ProjectError(problems)
  return { name: basename(file).replace(/\.ya?ml$/, ''), config }
}

function showFolds(name: string, scores: readonly FoldScores[], console: Console): void {
  const shown = (key: keyof FoldScores): string => {
    const [{ mean, spread } = { mean: 0, spread: 0 }] = pointsOf(
      scores.map(each => [each[key]]),
      1,
    )
    return `${fixed(mean)} (${fixed(spread)})`
  }
  print(
    console,
    `  ${name.padEnd(6)} accuracy ${shown('accuracy')}, F1 ${shown('f1')}, precision ${shown('precision')}`,
  )
}

/** Labels that are listed of those most often mistaken. */
const MOST_SHOWN = 5

function showNlu({ intents, responses, entities }: NluEvaluation, console: Console): void {
  const colors = colorsOf(console)
  for (const [name, found] of [
    ['Intents', intents],
    ['Responses', responses],
  ] as const) {
    if (found === null) continue
    const { accuracy, f1, precision, results } = found
    print(
      console,
      `${name}: accuracy ${fixed(accuracy)}, F1 ${fixed(f1)}, precision ${fixed(precision)}, ${results.length} examples`,
    )
    const wrong = Map.groupBy(
      results.filter(({ target, predicted }) => target !== predicted),
      ({ target, predicted }) => `${target} taken for ${predicted === '' ? 'nothing' : predicted}`,
    )
    for (const [what, each] of [...wrong].toSorted((a, b) => b[1].length - a[1].length).slice(0, MOST_SHOWN))
      print(console, colors.dim(`  ${String(each.length).padStart(4)} × ${what}`))
  }
  for (const { extractor, f1, precision, accuracy } of entities)
    print(
      console,
      `Entities (${extractor}): F1 ${fixed(f1)}, precision ${fixed(precision)}, accuracy by token ${fixed(accuracy)}`,
    )
}
