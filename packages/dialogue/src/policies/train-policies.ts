// Trains a project's policies on its stories and rules, and loads what was trained.

import type { SavedPart } from '@tabula/ml'
import type { JsonObject, Problem } from '@tabula/protocol'
import { CodedError, ProjectError } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import { generateTrackers } from '../stories/generate-trackers.ts'
import type { StoryData } from '../stories/story-data.ts'
import type { StateOptions } from '../tracker/state-history.ts'
import { checkPolicies } from './check-policies.ts'
import { findPolicy } from './policies.ts'
import type { Policy, PolicyConfig } from './policy.ts'
import type { PolicyType } from './policy-type.ts'
import { RULE_POLICY, ruleOnlyOf } from './rule-policy.ts'

export interface TrainPoliciesOptions {
  readonly seed: number
  /** Rasa's `--augmentation`: 0 glues no stories together. */
  readonly augmentation: number
  readonly onProgress?: (progress: PolicyProgress) => void
  readonly signal?: AbortSignal
  readonly warn?: (problem: Problem) => void
  /** Parts of an earlier training by place: loaded as they are instead of being trained again. */
  readonly reuse?: readonly (SavedPart | undefined)[]
}

export interface TrainPartsOptions extends TrainPoliciesOptions {
  /** Places of the policies that are meant: others are left to somebody else, who warns of the stories too, but for the first. */
  readonly only?: readonly number[]
}

export interface PolicyProgress {
  readonly policy: string
  /** Place in the config, from 0, and how many policies there are. */
  readonly index: number
  readonly count: number
  /** Of this policy's training, from 0 to 1. */
  readonly fraction: number
}

export interface SavedPolicy {
  readonly name: string
  readonly part: SavedPart
}

/**
 * The policies, trained. Throws ProjectError with all that is wrong in the config, the stories, and of rules that are
 * incomplete or contradict each other; rejects with the signal's reason when it is aborted.
 */
export async function trainPolicies(
  configs: readonly PolicyConfig[],
  domain: Domain,
  stories: readonly StoryData[],
  options: TrainPoliciesOptions,
): Promise<Policy[]> {
  const parts = await trainPolicyParts(configs, domain, stories, options)
  const saved = configs.flatMap(({ name }, index) => {
    const part = parts[index]
    return part === undefined ? [] : [{ name, part }]
  })
  return loadPolicies(configs, saved, domain)
}

/** What is saved of the policies, by place; as trainPolicies otherwise. */
export async function trainPolicyParts(
  configs: readonly PolicyConfig[],
  domain: Domain,
  stories: readonly StoryData[],
  options: TrainPartsOptions,
): Promise<(SavedPart | undefined)[]> {
  const { seed, augmentation, onProgress, signal, warn = () => undefined, reuse = [] } = options
  const places = options.only ?? configs.map((_, index) => index)
  stopOnErrors(checkPolicies(configs))
  const isAllReused = places.every(index => reuse[index] !== undefined)
  const { trackers, problems } = isAllReused
    ? { trackers: [], problems: [] }
    : generateTrackers(stories, domain, { augmentation, seed })
  if (places.includes(0)) problems.filter(({ severity }) => severity === 'warning').forEach(warn)
  stopOnErrors(problems)
  const parts: (SavedPart | undefined)[] = configs.map(() => undefined)
  for (const [index, config] of configs.entries()) {
    if (!places.includes(index)) continue
    signal?.throwIfAborted()
    const report = (fraction: number): void =>
      onProgress?.({ policy: config.name, index, count: configs.length, fraction })
    report(0)
    const type = requirePolicy(config)
    parts[index] =
      reuse[index] ??
      (await type.train({
        config,
        options: optionsOf(type, config),
        domain,
        trackers,
        seed,
        onProgress: report,
        ...(signal === undefined ? {} : { signal }),
        warn,
      }))
    report(1)
  }
  return parts
}

/** The policies that were saved, for the same configs. Throws CodedError where they do not belong together. */
export function loadPolicies(
  configs: readonly PolicyConfig[],
  saved: readonly SavedPolicy[],
  domain: Domain,
): Policy[] {
  const storyView = viewOfStories(configs, saved)
  return configs.map((config, index) => {
    const found = saved[index]
    if (found?.name !== config.name)
      throw new CodedError(
        'model.policies',
        `The model holds ${found === undefined ? 'nothing' : `'${found.name}'`} where its config has '${config.name}'.`,
      )
    const type = requirePolicy(config)
    return type.load(found.part, optionsOf(type, config), { domain, storyView })
  })
}

/** One object for all policies of a model: trackers keep their states by it. */
function viewOfStories(configs: readonly PolicyConfig[], saved: readonly SavedPolicy[]): StateOptions {
  const index = configs.findIndex(({ name }) => findPolicy(name)?.name === RULE_POLICY)
  const part = saved[index]?.part
  const ruleOnly = part === undefined ? undefined : ruleOnlyOf(part)
  return { ruleOnly: ruleOnly ?? { slots: new Set(), loops: new Set() } }
}

function optionsOf(type: PolicyType, { options }: PolicyConfig): JsonObject {
  return { ...type.defaults, ...options }
}

function requirePolicy({ name }: PolicyConfig): PolicyType {
  const type = findPolicy(name)
  if (type === null) throw new CodedError('config.unknown-policy', `There is no policy '${name}'.`)
  return type
}

function stopOnErrors(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new ProjectError(errors)
}
