// Trains a project into a model file: plan, what the cache has, the rest, and then the archive, whole or not at all.

import { join, resolve } from 'node:path'
import { Domain, type Policy, trainPolicies } from '@tabula/dialogue'
import { encodePart, type SavedPart } from '@tabula/ml'
import { type SavedComponent, trainPipeline } from '@tabula/nlu'
import type { Problem } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import { writeArchive } from '../archive/archive.ts'
import { FORMAT, type ModelMetadata, type SavedComponentEntry } from '../archive/metadata.ts'
import { modelName } from '../archive/model-name.ts'
import type { Project } from '../project/read-project.ts'
import { fingerprint } from './fingerprint.ts'
import { projectFingerprint } from './is-stale.ts'
import { TrainingCache } from './training-cache.ts'
import { planTraining, type PlannedPart, type TrainingPlan, type TrainingScope } from './training-plan.ts'

export interface TrainingProgress {
  readonly part: 'nlu' | 'core'
  readonly name: string
  /** Place among the parts of its kind, from 0, and how many there are. */
  readonly index: number
  readonly count: number
  /** Of this part's training, from 0 to 1. */
  readonly fraction: number
  /** It comes from the cache. */
  readonly isReused: boolean
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
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly signal?: AbortSignal
  readonly warn?: (problem: Problem) => void
  /** Folder of trained parts; default `.tabula/cache` in the project. */
  readonly cache?: string
}

export interface TrainedModel {
  readonly file: string
  readonly modelId: string
  readonly seconds: number
  /** Names of parts that came from the cache. */
  readonly reused: readonly string[]
  /** What the training warned of. */
  readonly problems: readonly Problem[]
}

/** What a training without a seed draws from: the same project always gives the same model. */
const SEED = 42
const AUGMENTATION = 50

/**
 * The model's file. Throws ProjectError for what cannot be trained and CodedError `train.nothing` where there is no
 * training data; rejects with the signal's reason when it is aborted. Nothing is left behind then.
 */
export async function trainModel(project: Project, options: TrainModelOptions = {}): Promise<TrainedModel> {
  const started = performance.now()
  const { scope = 'both', seed = SEED, augmentation = AUGMENTATION, signal } = options
  const problems: Problem[] = []
  const warn = (problem: Problem): void => {
    problems.push(problem)
    options.warn?.(problem)
  }
  const domain = Domain.fromJson(project.domain)
  const plan = planTraining(project, domain, { scope, seed, augmentation })
  if (plan.pipeline.length === 0 && plan.policies.length === 0) throw nothingToTrain(project, scope)
  const cache = new TrainingCache(resolve(project.root, options.cache ?? join('.tabula', 'cache')))
  const reuse = async (parts: readonly PlannedPart[]): Promise<(SavedPart | undefined)[]> =>
    options.force === true ? [] : Promise.all(parts.map(part => cache.get(part.fingerprint)))
  const [knownNlu, knownCore] = [await reuse(plan.nlu), await reuse(plan.core)]
  const report = (part: 'nlu' | 'core', known: readonly (SavedPart | undefined)[]) => {
    return (progress: { name: string; index: number; count: number; fraction: number }): void =>
      options.onProgress?.({ part, ...progress, isReused: known[progress.index] !== undefined })
  }
  const common = { seed, warn, ...(signal === undefined ? {} : { signal }) }
  const reportNlu = report('nlu', knownNlu)
  const reportCore = report('core', knownCore)
  const nlu = await trainNlu(project, plan, {
    ...common,
    language: project.config.language,
    reuse: knownNlu,
    onProgress: ({ component, ...rest }) => {
      reportNlu({ name: component, ...rest })
    },
  })
  const core = await trainCore(project, plan, domain, {
    ...common,
    augmentation,
    reuse: knownCore,
    onProgress: ({ policy, ...rest }) => {
      reportCore({ name: policy, ...rest })
    },
  })
  signal?.throwIfAborted()
  const fresh = [
    ...plan.nlu.map((part, index) => ({ part, saved: nlu[index]?.part, known: knownNlu[index] })),
    ...plan.core.map((part, index) => ({ part, saved: core[index]?.part, known: knownCore[index] })),
  ]
  for (const { part, saved, known } of fresh)
    if (known === undefined && saved !== undefined) await cache.set(part.fingerprint, saved)
  await cache.trim()
  const { files, metadata } = contentOf(project, plan, domain, { nlu, core, seed })
  const file = fileOf(project, plan, options)
  signal?.throwIfAborted()
  await writeArchive(file, files)
  return {
    file,
    modelId: metadata.model_id,
    seconds: (performance.now() - started) / 1000,
    reused: fresh.filter(({ known }) => known !== undefined).map(({ part }) => part.name),
    problems,
  }
}

async function trainNlu(
  project: Project,
  plan: TrainingPlan,
  options: Parameters<typeof trainPipeline>[2],
): Promise<SavedComponent[]> {
  if (plan.pipeline.length === 0) return []
  const pipeline = await trainPipeline(plan.pipeline, project.nlu, options)
  return pipeline.save()
}

async function trainCore(
  project: Project,
  plan: TrainingPlan,
  domain: Domain,
  options: Parameters<typeof trainPolicies>[3],
): Promise<SavedComponent[]> {
  if (plan.policies.length === 0) return []
  const policies = await trainPolicies(plan.policies, domain, project.stories, options)
  return policies.map((policy: Policy) => ({ name: policy.name, part: policy.save() }))
}

interface Trained {
  readonly nlu: readonly SavedComponent[]
  readonly core: readonly SavedComponent[]
  readonly seed: number
}

function contentOf(
  project: Project,
  plan: TrainingPlan,
  domain: Domain,
  { nlu, core, seed }: Trained,
): { files: Map<string, Uint8Array>; metadata: ModelMetadata } {
  const files = new Map<string, Uint8Array>()
  const components: SavedComponentEntry[] = []
  const add = (kind: 'nlu' | 'core', index: number, { name, part }: SavedComponent): void => {
    const file = `components/${kind}-${index}-${name.replaceAll(/[^\w.-]/g, '_')}.part`
    const config = (kind === 'nlu' ? plan.pipeline : plan.policies)[index]
    files.set(file, encodePart(part))
    components.push({ kind, name: config?.name ?? name, options: config?.options ?? {}, file })
  }
  nlu.forEach((component, index) => {
    add('nlu', index, component)
  })
  core.forEach((component, index) => {
    add('core', index, component)
  })
  files.set('components/domain.json', encode(project.domain))
  const metadata: ModelMetadata = {
    format: FORMAT,
    model_id: fingerprint({ components, parts: [...files].map(([path, bytes]) => [path, hashOf(bytes)]) }),
    assistant_id: project.config.assistantId ?? `assistant-${fingerprint(domain.asDict()).slice(0, 12)}`,
    language: project.config.language,
    training_type: plan.trainingType,
    trained_at: new Date().toISOString(),
    trained_by: 'Tabula 0.1.0',
    project: projectFingerprint(project),
    seed,
    components,
  }
  files.set('metadata.json', encode(metadata))
  return { files, metadata }
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`)
}

function hashOf(bytes: Uint8Array): string {
  return fingerprint(Buffer.from(bytes).toString('base64'))
}

function fileOf(project: Project, plan: TrainingPlan, options: TrainModelOptions): string {
  const folder = resolve(project.root, options.out ?? 'models')
  if (options.fixedModelName !== undefined)
    return join(folder, `${options.fixedModelName.replace(/\.tar\.gz$/, '')}.tar.gz`)
  const prefix = plan.trainingType === 'both' ? '' : `${plan.trainingType}-`
  return join(folder, modelName(prefix, new Date(), Math.random))
}

function nothingToTrain(project: Project, scope: TrainingScope): CodedError {
  const what = { both: 'NLU examples, stories or rules', nlu: 'NLU examples', core: 'stories or rules' }[
    scope
  ]
  return new CodedError(
    'train.nothing',
    `There is nothing to train: no ${what} were found for ${project.root}.`,
    {
      status: 400,
    },
  )
}
