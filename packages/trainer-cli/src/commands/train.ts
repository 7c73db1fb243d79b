// bot train: reads and checks the project, trains what changed, and names the model file.

import { relative } from 'node:path'
import { resolve } from 'node:path'
import {
  fails,
  type Finding,
  inspectProject,
  isStale,
  latestModel,
  type Project,
  readProject,
  trainModel,
  type TrainedModel,
  type TrainingScope,
  validateProject,
} from '@tabula/model'
import { type Problem, ProjectError } from '@tabula/protocol'
import { colorsOf, type Console, print, printJson, tell } from '../console.ts'
import { levelOf, type LoggingFlags } from '../flags.ts'
import { showProblems } from '../output/show-problems.ts'
import { createTrainingProgress, seconds } from '../output/training-progress.ts'
import { untilStopped } from '../stopped.ts'
import { checkFinetuning } from './check-finetuning.ts'
import { existingPath, existingPaths } from './existing-path.ts'

export interface TrainFlags extends LoggingFlags {
  readonly scope: TrainingScope
  readonly config?: readonly string[]
  readonly domain?: string
  readonly data?: readonly string[]
  readonly out?: string
  readonly fixedModelName?: string
  readonly augmentation?: number
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly skipValidation?: boolean
  readonly failOnValidationWarnings?: boolean
  /** Steps over which stories are compared before training. */
  readonly validationMaxHistory?: number
  /** Refuses components that others would stand in for. */
  readonly strict?: boolean
  /** A model, a folder of models, or true for the newest. */
  readonly finetune?: string | true
  readonly persistNluData?: boolean
  /** Threads that may train at the same time. */
  readonly numThreads?: number
  /** Of a comparison of configs. */
  readonly percentages?: readonly number[]
  readonly runs?: number
}

/** 0 where a model was trained; 1 where validation stopped it. `--dry-run` gives Rasa's statuses: 0 nothing to do, 1 to train, 8 forced. */
export async function train(flags: TrainFlags, console: Console): Promise<number> {
  if ((flags.config?.length ?? 0) > 1) {
    const { trainComparison } = await import('./train-comparison.ts')
    return trainComparison(flags, console)
  }
  const project = await openProject(flags, console)
  if (isTalkative(flags))
    tell(console, `Read: ${project.files.map(file => relative(project.root, file)).join(', ')}.`)
  if (!(await validated(project, flags, console))) return 1
  if (flags.dryRun === true) return dryRun(project, flags, console)
  if (flags.finetune !== undefined) await checkFinetuning(project, flags.finetune, console)
  const trained = await trainProject(project, flags, console)
  print(console, `Your model is trained and saved at '${shownPath(trained.file, console)}'.`)
  const { file, modelId, seconds: took, reused, problems } = trained
  printJson(console, {
    file,
    model_id: modelId,
    seconds: took,
    reused,
    problems: [...project.problems, ...problems],
  })
  return 0
}

/** The project of the flags' paths; a missing path falls back to the usual one with a word, as in Rasa. */
export async function openProject(flags: TrainFlags, console: Console): Promise<Project> {
  const [config = 'config.yml'] = flags.config ?? []
  return readProject(
    {
      root: console.folder,
      config: existingPath(config, 'config.yml', console),
      domain: existingPath(flags.domain ?? 'domain.yml', 'domain.yml', console),
      data: existingPaths(flags.data ?? ['data'], 'data', console),
      ...(flags.strict === undefined ? {} : { strict: flags.strict }),
    },
    console.environment,
  )
}

/** Shows what validation finds; false where training must not go on. */
async function validated(project: Project, flags: TrainFlags, console: Console): Promise<boolean> {
  const findings = await findingsOf(project, flags)
  showFindings([...project.problems, ...findings], project.root, console)
  if (!fails(findings, flags.failOnValidationWarnings === true)) return true
  const isError = fails(findings, false)
  tell(
    console,
    isError
      ? 'Nothing was trained. Mend the errors, or train with --skip-validation.'
      : 'Nothing was trained: there are warnings, and --fail-on-validation-warnings is set.',
  )
  return false
}

/** What is merely unused is counted here, and named by `bot data validate`: it may be many lines, and changes nothing. */
function showFindings(problems: readonly Problem[], root: string, console: Console): void {
  const isUnused = ({ code }: Problem): boolean => code.endsWith('.unused')
  const unused = problems.filter(isUnused)
  showProblems(
    problems.filter(problem => !isUnused(problem)),
    root,
    console,
  )
  if (unused.length > 0)
    tell(
      console,
      `${unused.length} ${unused.length === 1 ? 'name of the domain is' : 'names of the domain are'} not used in any story or rule; \`bot data validate\` says which.`,
    )
}

function findingsOf(
  project: Project,
  { skipValidation, validationMaxHistory: maxHistory }: TrainFlags,
): Finding[] | Promise<Finding[]> {
  if (skipValidation === true) return []
  return maxHistory === undefined ? validateProject(project) : inspectProject(project, { maxHistory })
}

async function dryRun(project: Project, flags: TrainFlags, console: Console): Promise<number> {
  if (flags.force === true) {
    print(console, 'The training was forced.')
    return 8
  }
  const model = await latestModel(resolve(project.root, flags.out ?? 'models'))
  const stale = await isStale(project, model)
  print(console, stale ? 'The model is not up to date: training is needed.' : 'No training is needed.')
  return stale ? 1 : 0
}

/** Trains with progress on standard error; what is learned with warnings is shown at the end. */
export async function trainProject(
  project: Project,
  flags: Omit<TrainFlags, 'scope'> & { readonly scope?: TrainingScope },
  console: Console,
): Promise<TrainedModel> {
  const colors = colorsOf(console)
  const progress = createTrainingProgress(console)
  const { out, fixedModelName, augmentation, force, scope, persistNluData, numThreads, quiet } = flags
  try {
    const trained = await untilStopped(signal =>
      trainModel(project, {
        ...(out === undefined ? {} : { out }),
        ...(fixedModelName === undefined ? {} : { fixedModelName }),
        ...(augmentation === undefined ? {} : { augmentation }),
        ...(force === undefined ? {} : { force }),
        ...(persistNluData === undefined ? {} : { persistNluData }),
        ...(scope === undefined ? {} : { scope }),
        ...(numThreads === undefined ? {} : { threads: numThreads }),
        ...(quiet === true ? {} : { onProgress: progress.take }),
        signal,
      }),
    )
    progress.done()
    showProblems(trained.problems, project.root, console)
    const reused = trained.reused.length === 0 ? '' : `, ${trained.reused.length} parts unchanged`
    if (quiet !== true) tell(console, colors.dim(`Trained in ${seconds(trained.seconds * 1000)}${reused}.`))
    return trained
  } catch (error) {
    progress.done()
    if (error instanceof ProjectError) tell(console, 'Nothing was trained:')
    throw error
  }
}

function isTalkative(flags: LoggingFlags): boolean {
  const level = levelOf(flags)
  return level === 'debug' || level === 'info'
}

/** The path as a person would type it here. */
function shownPath(file: string, { folder }: Console): string {
  const path = relative(folder, file)
  return path.startsWith('..') ? file : path
}
