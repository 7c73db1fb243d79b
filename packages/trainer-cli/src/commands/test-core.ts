// bot test core: plays test stories against a model, and writes what came of it.

import { basename, join, resolve } from 'node:path'
import { readdir } from 'node:fs/promises'
import {
  evaluateStories,
  latestModel,
  loadModel,
  type Model,
  readDataFiles,
  type StoryEvaluation,
  type StoryReport,
} from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { colorsOf, type Console, print, tell } from '../console.ts'
import { createCounter } from '../output/counter.ts'
import { showProblems } from '../output/show-problems.ts'
import { lineChartSvg } from '../pictures/line-chart.ts'
import { writePicture } from '../pictures/picture-files.ts'
import { type ResultOptions, writeJson } from '../results/result-files.ts'
import { writeStoryResults } from '../results/story-results.ts'
import { existingPath } from './existing-path.ts'
import { openModel } from './open-model.ts'
import { PERCENTAGE } from './percentage.ts'

/** What every test takes about its results. */
export interface ResultFlags {
  readonly out?: string
  readonly plot?: boolean
  readonly successes?: boolean
  readonly errors?: boolean
  readonly warnings?: boolean
}

export interface TestCoreFlags extends ResultFlags {
  readonly model?: readonly string[]
  readonly stories?: string
  readonly maxStories?: number
  readonly endToEnd?: boolean
  readonly failOnPredictionErrors?: boolean
  readonly evaluateModelDirectory?: boolean
  readonly url?: string
}

export interface StoryOutcome {
  readonly evaluation: StoryEvaluation
  readonly report: StoryReport
}

/** Played stories, or null where several models were compared or the model knows no dialogue. */
export async function testCore(flags: TestCoreFlags, console: Console): Promise<StoryOutcome | null> {
  if (flags.url !== undefined)
    throw new CodedError('cli.url', '--url is not taken: download the stories, and name them with --stories.')
  const models = flags.model ?? ['models']
  const options = resultOptions(flags, console)
  if (flags.evaluateModelDirectory === true) return compareDirectory(models, flags, options, console)
  if (models.length > 1) return compareModels(models, flags, options, console)
  const model = await openModel(models[0] ?? 'models', console)
  if (model.ensemble === null) {
    tell(console, `The model ${basename(model.file)} was trained without dialogue: no story is tested.`)
    return null
  }
  const evaluation = await play(model, flags, console)
  showProblems(evaluation.problems, console.folder, console)
  const report = await writeStoryResults(evaluation, options)
  showStories({ evaluation, report }, console)
  return { evaluation, report }
}

/** What is written, from the flags that all tests have. */
export function resultOptions(
  { out = 'results', plot, successes, errors, warnings }: ResultFlags,
  { folder }: Console,
): ResultOptions {
  return {
    out: resolve(folder, out),
    plots: plot !== false,
    successes: successes === true,
    errors: errors !== false,
    warnings: warnings !== false,
  }
}

async function play(model: Model, flags: TestCoreFlags, console: Console): Promise<StoryEvaluation> {
  const endToEnd = flags.endToEnd === true
  const path = existingPath(flags.stories ?? 'data', 'data', console)
  const { stories, problems } = await readDataFiles(
    {
      root: console.folder,
      data: [path],
      // Rasa's conversation tests are the files whose names begin so (Rasa 1: Markdown); a file that is named itself counts anyway.
      isWanted: file =>
        !endToEnd || /^test_|\.md$/.test(basename(file)) || resolve(console.folder, path) === file,
    },
    console.environment,
  )
  showProblems(problems, console.folder, console)
  if (stories.length === 0) tell(console, `No ${endToEnd ? 'test ' : ''}stories were found at '${path}'.`)
  const { domain, ensemble, pipeline } = model
  if (ensemble === null) return { stories: [], problems: [] }
  const counter = createCounter('stories', console)
  try {
    return await evaluateStories(
      stories,
      { domain, ensemble, pipeline },
      {
        endToEnd,
        ...(flags.maxStories === undefined ? {} : { maxStories: flags.maxStories }),
        onProgress: counter.take,
      },
    )
  } finally {
    counter.done()
  }
}

function showStories({ evaluation, report }: StoryOutcome, console: Console): void {
  const colors = colorsOf(console)
  const { correct, total } = report.conversations
  const { accuracy, f1, precision } = report.actions
  for (const { name, position, isRight } of evaluation.stories)
    if (!isRight)
      print(console, `${colors.red('✗')} ${name} ${colors.dim(`${position.file}:${position.line}`)}`)
  print(console, `Stories right:   ${correct} of ${total}`)
  print(
    console,
    `Actions:         accuracy ${fixed(accuracy)}, F1 ${fixed(f1)}, precision ${fixed(precision)}, ${Math.round(100 * report.inTrainingData)} % by rules and memory`,
  )
}

/** Models of the runs that `bot train core` with several configs wrote: right stories by config, run and share. */
async function compareDirectory(
  [folder = 'models']: readonly string[],
  flags: TestCoreFlags,
  options: ResultOptions,
  console: Console,
): Promise<null> {
  const root = resolve(console.folder, folder)
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const runs = entries
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
  const results: Record<string, number[][]> = {}
  for (const [run, name] of runs.toSorted().entries()) {
    const files = (await readdir(join(root, name)))
      .filter(file => file.endsWith('.tar.gz'))
      .toSorted(byPercentage)
    for (const file of files) {
      const config = file.split(PERCENTAGE)[0] ?? file
      const evaluation = await play(await loadModel(join(root, name, file)), flags, console)
      const ofConfig = (results[config] ??= [])
      ;(ofConfig[run] ??= []).push(evaluation.stories.filter(({ isRight }) => isRight).length)
    }
  }
  if (Object.keys(results).length === 0)
    throw new CodedError(
      'model.none',
      `There are no models in folders below '${folder}'. Write them with \`bot train core\` and several configs.`,
    )
  await writeJson(options.out, 'results.json', results)
  const most = Math.max(...Object.values(results).flatMap(each => each.map(run => run.length)))
  const lines = Object.entries(results).map(([name, ofRuns]) => ({ name, points: pointsOf(ofRuns, most) }))
  if (options.plots)
    await writePicture(
      options.out,
      'core_model_comparison_graph',
      lineChartSvg(
        Array.from({ length: most }, (_, index) => index + 1),
        lines.map(line => ({ ...line, points: line.points.toReversed() })),
        {
          title: 'Right stories by config',
          x: 'Share of the stories, from small to large',
          y: 'Right stories',
        },
      ),
    )
  for (const { name, points } of lines)
    print(console, `${name}: ${points.map(({ mean }) => mean.toFixed(1)).join(', ')} right stories`)
  return null
}

function byPercentage(a: string, b: string): number {
  const of = (name: string): number => Number(/__percentage__(\d+)/.exec(name)?.[1] ?? 0)
  return of(a) - of(b)
}

export function pointsOf(
  runs: readonly (readonly number[])[],
  count: number,
): { mean: number; spread: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const values = runs.flatMap(run => run[index] ?? [])
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length)
    return { mean, spread: Math.sqrt(variance) }
  })
}

async function compareModels(
  paths: readonly string[],
  flags: TestCoreFlags,
  options: ResultOptions,
  console: Console,
): Promise<null> {
  const results: Record<string, number[]> = {}
  for (const path of paths) {
    const file = await latestModel(resolve(console.folder, path))
    if (file === null) throw new CodedError('model.none', `There is no model at '${path}'.`)
    const { stories } = await play(await loadModel(file), flags, console)
    const right = stories.filter(({ isRight }) => isRight).length
    results[basename(file)] = [right]
    print(console, `${basename(file)}: ${right} of ${stories.length} stories right`)
  }
  await writeJson(options.out, 'results.json', results)
  return null
}

export function fixed(value: number): string {
  return value.toFixed(3)
}
