// Trains a project into a model file: plan, what the cache has, the rest, and then the archive, whole or not at all.

import { join, resolve } from 'node:path'
import { availableParallelism } from 'node:os'
import { Domain, isLearned } from '@tabula/dialogue'
import type { SavedPart } from '@tabula/ml'
import { trainPipeline } from '@tabula/nlu'
import type { Problem } from '@tabula/protocol'
import { writeArchive } from '../archive/archive.ts'
import { writeNluYaml } from '../write/write-nlu-yaml.ts'
import { modelName } from '../archive/model-name.ts'
import { type ClassNames, fingerprintOfClasses, hasProjectClasses } from '../project/project-classes.ts'
import type { Project } from '../project/read-project.ts'
import { engineFingerprint } from './engine.ts'
import { LastPlan, type TrainingReason } from './last-plan.ts'
import { modelContent } from './model-content.ts'
import { together } from './together.ts'
import { trainCore } from './train-core.ts'
import { trainCoreApart } from './train-core-apart.ts'
import { TrainingCache } from './training-cache.ts'
import { planTraining, type PlannedPart } from './training-plan.ts'
import { chooseScope, type TrainingScope } from './training-scope.ts'

export interface TrainingProgress {
  readonly part: 'nlu' | 'core'
  /** Rasa's name of the component or policy. */
  readonly name: string
  /** Place among the parts of its kind, from 0, and how many there are. */
  readonly index: number
  readonly count: number
  /** Of this part's training, from 0 to 1. */
  readonly fraction: number
  /** It comes from the cache. */
  readonly isReused: boolean
  /** Why it is trained; absent where it is reused. */
  readonly reason?: TrainingReason
}

export interface TrainModelOptions {
  /** Folder of the model; default `models` in the project. */
  readonly out?: string
  /** The file's name without `.tar.gz`, in place of one made of the time. */
  readonly fixedModelName?: string
  readonly scope?: TrainingScope
  readonly seed?: number
  /** Rasa's `--augmentation`. */
  readonly augmentation?: number
  /** Trains every part anew. */
  readonly force?: boolean
  /** Keeps the NLU data in the archive, as YAML. */
  readonly persistNluData?: boolean
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly signal?: AbortSignal
  readonly warn?: (problem: Problem) => void
  /** Folder of trained parts; default `.tabula/cache` in the project. */
  readonly cache?: string
  /** Threads that may work at the same time; default as many as the machine has. With one, all is trained in this one. */
  readonly threads?: number
}

export interface TrainedModel {
  readonly file: string
  readonly modelId: string
  readonly seconds: number
  /** Names of parts that came from the cache. */
  readonly reused: readonly string[]
  /** Whether nothing at all had to be trained. */
  readonly isUnchanged: boolean
  /** What the training warned of. */
  readonly problems: readonly Problem[]
}

/** What a training without a seed draws from: the same project always gives the same model. */
const SEED = 42
const AUGMENTATION = 50

function classNames({ config, domain }: Project): ClassNames {
  return {
    components: config.pipeline.map(({ name }) => name),
    policies: config.policies.map(({ name }) => name),
    slotTypes: Object.values(domain.slots ?? {}).map(({ type }) => type),
  }
}

/** Examples of understanding from which on the time that is won outweighs the start and the memory of a thread. */
const WORTH_A_THREAD = 200

const NLU_DATA_FILE = 'nlu_training_data.yml'

/**
 * The model's file. Throws ProjectError for what cannot be trained and CodedError `train.nothing` (400) where there is
 * no training data; rejects with the signal's reason when it is aborted. No part of a model is left behind then.
 */
export async function trainModel(project: Project, options: TrainModelOptions = {}): Promise<TrainedModel> {
  const started = performance.now()
  const { seed = SEED, augmentation = AUGMENTATION, signal } = options
  const problems: Problem[] = []
  const warn = (problem: Problem): void => {
    problems.push(problem)
    options.warn?.(problem)
  }
  const domain = Domain.fromJson(project.domain)
  const scope = chooseScope(project, options.scope ?? 'both', warn)
  const plan = planTraining(project, domain, scope, {
    seed,
    augmentation,
    engine: `${await engineFingerprint()} ${fingerprintOfClasses(project.root, classNames(project))}`,
  })
  const folder = resolve(project.root, options.cache ?? join('.tabula', 'cache'))
  const cache = new TrainingCache(folder)
  const last = await LastPlan.read(folder)
  const common: StageOptions = { ...options, cache, last }
  const [knownNlu, knownCore] = await Promise.all([
    partsKnown(plan.nlu, common),
    partsKnown(plan.core, common),
  ])
  const { config, stories } = project
  const trainNlu = (stop?: AbortSignal): Promise<Stage> =>
    trainStage('nlu', plan.nlu, knownNlu, common, async onProgress => {
      const pipeline = await trainPipeline(plan.pipeline, project.nlu, {
        ...{ seed, warn, language: config.language, reuse: knownNlu },
        ...(stop === undefined ? {} : { signal: stop }),
        onProgress: ({ component, ...rest }) => {
          onProgress({ name: component, ...rest })
        },
      })
      return pipeline.save().map(({ part }) => part)
    })
  const threads = options.threads ?? availableParallelism()
  const isApart =
    threads > 1 &&
    knownNlu.includes(undefined) &&
    project.nlu.examples.length >= WORTH_A_THREAD &&
    plan.policies.some(({ name }, index) => isLearned(name) && knownCore[index] === undefined) &&
    !hasProjectClasses(project.root, classNames(project))
  const trainDialogue = (stop?: AbortSignal): Promise<Stage> =>
    trainStage('core', plan.core, knownCore, common, onProgress => {
      const { policies } = plan
      const training = { policies, domain: project.domain, stories, seed, augmentation, reuse: knownCore }
      const listeners = { onProgress, warn, ...(stop === undefined ? {} : { signal: stop }) }
      return isApart ? trainCoreApart(training, listeners, threads) : trainCore(training, listeners)
    })
  const [nlu, core] = isApart
    ? await together([trainNlu, trainDialogue], signal)
    : [await trainNlu(signal), await trainDialogue(signal)]
  await LastPlan.write(folder, plan, last)
  await cache.trim()
  const { files, metadata } = await modelContent(project, plan, { nlu: nlu.parts, core: core.parts }, seed)
  const file = fileOf(project, scope, options)
  const kept =
    options.persistNluData === true
      ? new Map([...files, [NLU_DATA_FILE, Buffer.from(writeNluYaml(project.nlu))] as const])
      : files
  await writeArchive(file, kept, signal)
  const reused = [...nlu.reused, ...core.reused]
  return {
    file,
    modelId: metadata.model_id,
    seconds: (performance.now() - started) / 1000,
    reused,
    isUnchanged: reused.length === plan.nlu.length + plan.core.length,
    problems,
  }
}

interface StageOptions {
  readonly cache: TrainingCache
  readonly last: LastPlan
  readonly force?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainingProgress) => void
}

interface Stage {
  readonly parts: readonly SavedPart[]
  readonly reused: readonly string[]
}

type Train = (
  onProgress: (progress: Omit<TrainingProgress, 'part' | 'isReused' | 'reason'>) => void,
) => Promise<readonly (SavedPart | undefined)[]>

/** What the cache has of these parts, by place. */
function partsKnown(
  planned: readonly PlannedPart[],
  { cache, force = false }: StageOptions,
): Promise<readonly (SavedPart | undefined)[]> {
  return Promise.all(planned.map(async ({ fingerprint }) => (force ? undefined : cache.get(fingerprint))))
}

/** Parts of one kind: those that are known, and the others trained and put into the cache. */
async function trainStage(
  part: TrainingProgress['part'],
  planned: readonly PlannedPart[],
  known: readonly (SavedPart | undefined)[],
  { cache, last, force = false, signal, onProgress = () => undefined }: StageOptions,
  train: Train,
): Promise<Stage> {
  const all = known.filter(each => each !== undefined)
  if (all.length === planned.length) {
    planned.forEach(({ name }, index) => {
      onProgress({ part, name, index, count: planned.length, fraction: 1, isReused: true })
    })
    return { parts: all, reused: planned.map(({ name }) => name) }
  }
  const reasons = planned.map((each, index) => (force ? 'forced' : last.reasonFor(part, index, each)))
  const trained = await train(progress => {
    const isReused = known[progress.index] !== undefined
    const reason = reasons[progress.index]
    onProgress({ part, ...progress, isReused, ...(isReused || reason === undefined ? {} : { reason }) })
  })
  signal?.throwIfAborted()
  const parts = trained.map((fresh, index) => known[index] ?? fresh).filter(each => each !== undefined)
  for (const [index, { fingerprint }] of planned.entries()) {
    const fresh = parts[index]
    if (known[index] === undefined && fresh !== undefined) await cache.set(fingerprint, fresh)
  }
  return {
    parts,
    reused: planned.filter((_, index) => known[index] !== undefined).map(({ name }) => name),
  }
}

function fileOf(project: Project, scope: TrainingScope, options: TrainModelOptions): string {
  const folder = resolve(project.root, options.out ?? 'models')
  if (options.fixedModelName !== undefined)
    return join(folder, `${options.fixedModelName.replace(/\.tar\.gz$/, '')}.tar.gz`)
  return join(folder, modelName(scope === 'both' ? '' : `${scope}-`, new Date(), Math.random))
}
