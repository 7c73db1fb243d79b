// The plan of a training: which parts there are, each with the fingerprint of all that it depends on.

import type { Domain, PolicyConfig, StoryData } from '@tabula/dialogue'
import type { ComponentConfig, NluTrainingData } from '@tabula/nlu'
import type { Project } from '../project/read-project.ts'
import { fingerprint } from './fingerprint.ts'
import type { Seen } from './last-plan.ts'
import type { TrainingScope } from './training-scope.ts'

export interface PlannedPart {
  readonly name: string
  readonly fingerprint: string
  /** What the fingerprint is made of. */
  readonly seen: Seen
}

export interface TrainingPlan {
  /** Empty where understanding is not trained. */
  readonly nlu: readonly PlannedPart[]
  /** Empty where dialogue is not trained. */
  readonly core: readonly PlannedPart[]
  readonly pipeline: readonly ComponentConfig[]
  readonly policies: readonly PolicyConfig[]
  readonly scope: TrainingScope
}

export interface PlanOptions {
  readonly seed: number
  readonly augmentation: number
  /** Fingerprint of the code that learns. */
  readonly engine: string
}

/** The parts that the scope asks for, in the order of the config. */
export function planTraining(
  { config, nlu, stories }: Project,
  domain: Domain,
  scope: TrainingScope,
  options: PlanOptions,
): TrainingPlan {
  const pipeline = scope === 'core' ? [] : config.pipeline
  const policies = scope === 'nlu' ? [] : config.policies
  return {
    nlu: planPipeline(pipeline, nlu, config.language, options),
    core: planPolicies(policies, domain, stories, options),
    pipeline,
    policies,
    scope,
  }
}

/** A component sees the data and what those before it made of it. */
function planPipeline(
  pipeline: readonly ComponentConfig[],
  data: NluTrainingData,
  language: string,
  { seed, engine }: PlanOptions,
): PlannedPart[] {
  const seenData = fingerprint({ language, seed, data: withoutPositions(data) })
  let before = ''
  return pipeline.map(({ name, options }) => {
    const seen = { engine, data: seenData, options: fingerprint({ options }), before }
    // Only what those before it are counts here: their data is its own.
    before = fingerprint({ name, options, before })
    return { name, fingerprint: fingerprint({ name, ...seen }), seen }
  })
}

/** Policies see neither each other nor what is said: of the domain its names, of stories all. They keep the stories' places. */
function planPolicies(
  policies: readonly PolicyConfig[],
  domain: Domain,
  stories: readonly StoryData[],
  options: PlanOptions,
): PlannedPart[] {
  const json = { ...domain.asDict(), responses: null, session_config: null }
  const { engine, ...rest } = options
  const data = fingerprint({
    json,
    actions: domain.actions,
    slots: [...domain.slots.keys()],
    stories,
    ...rest,
  })
  return policies.map(({ name, options: own }) => {
    const seen = { engine, data, options: fingerprint({ options: own }), before: '' }
    return { name, fingerprint: fingerprint({ name, ...seen }), seen }
  })
}

/** Where an example stands in a file changes nothing that is learned. */
export function withoutPositions(data: NluTrainingData): unknown {
  const bare = (item: { readonly position?: unknown }): unknown => ({ ...item, position: null })
  return {
    ...data,
    examples: data.examples.map(bare),
    regexes: data.regexes.map(bare),
    lookups: data.lookups.map(bare),
  }
}
