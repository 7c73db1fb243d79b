// The plan of a training: which parts there are, each with the fingerprint of all that it depends on.

import type { Domain, PolicyConfig, StoryData } from '@tabula/dialogue'
import type { ComponentConfig, NluTrainingData } from '@tabula/nlu'
import type { Project } from '../project/read-project.ts'
import { fingerprint } from './fingerprint.ts'

export type TrainingScope = 'both' | 'nlu' | 'core'

export interface PlannedPart {
  readonly name: string
  readonly fingerprint: string
}

export interface TrainingPlan {
  /** Empty where there is nothing to understand, or it was not asked for. */
  readonly nlu: readonly PlannedPart[]
  readonly core: readonly PlannedPart[]
  readonly pipeline: readonly ComponentConfig[]
  readonly policies: readonly PolicyConfig[]
  readonly trainingType: TrainingScope
}

export interface PlanOptions {
  readonly scope: TrainingScope
  readonly seed: number
  readonly augmentation: number
}

/** What is to be trained: understanding where there are examples, dialogue where there are stories or rules. */
export function planTraining(project: Project, domain: Domain, options: PlanOptions): TrainingPlan {
  const { config, nlu, stories } = project
  const hasNlu = options.scope !== 'core' && nlu.examples.length > 0
  const hasCore = options.scope !== 'nlu' && stories.length > 0
  const pipeline = hasNlu ? config.pipeline : []
  const policies = hasCore ? config.policies : []
  return {
    nlu: planPipeline(pipeline, nlu, config.language, options.seed),
    core: planPolicies(policies, domain, stories, options),
    pipeline,
    policies,
    trainingType: hasNlu && hasCore ? 'both' : hasCore ? 'core' : 'nlu',
  }
}

/** A component sees the data and what those before it made of it. */
function planPipeline(
  pipeline: readonly ComponentConfig[],
  data: NluTrainingData,
  language: string,
  seed: number,
): PlannedPart[] {
  let before = fingerprint({ language, seed, data: withoutPositions(data) })
  return pipeline.map(({ name, options }) => {
    before = fingerprint({ name, options, before })
    return { name, fingerprint: before }
  })
}

/** Policies see neither each other nor what is said: of the domain its names, of stories all but their places in files. */
function planPolicies(
  policies: readonly PolicyConfig[],
  domain: Domain,
  stories: readonly StoryData[],
  { seed, augmentation }: PlanOptions,
): PlannedPart[] {
  const json = { ...domain.asDict(), responses: null, session_config: null }
  const seen = fingerprint({ json, actions: domain.actions, stories, seed, augmentation })
  return policies.map(({ name, options }) => ({ name, fingerprint: fingerprint({ name, options, seen }) }))
}

/** Where an example stands in a file changes nothing that is learned. */
function withoutPositions(data: NluTrainingData): unknown {
  const bare = (item: { readonly position?: unknown }): unknown => ({ ...item, position: null })
  return {
    ...data,
    examples: data.examples.map(bare),
    regexes: data.regexes.map(bare),
    lookups: data.lookups.map(bare),
  }
}
