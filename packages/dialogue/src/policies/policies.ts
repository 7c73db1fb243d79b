// The name table: which policy a name in config.yml means, and what became of older names.

import { CodedError } from '@tabula/protocol'
import { augmentedMemoizationPolicy } from './augmented-memoization-policy.ts'
import { memoizationPolicy } from './memoization-policy.ts'
import type { PolicyType } from './policy-type.ts'
import { rulePolicy } from './rule-policy.ts'
import { tedPolicy } from './ted-policy.ts'
import { unexpectedIntentPolicy } from './unexpected-intent-policy.ts'

const POLICIES: readonly PolicyType[] = [
  rulePolicy,
  memoizationPolicy,
  augmentedMemoizationPolicy,
  tedPolicy,
  unexpectedIntentPolicy,
]

/** Names of older releases, and what to write instead. */
const FORMER_NAMES: Readonly<Record<string, string>> = {
  FallbackPolicy: 'RulePolicy',
  TwoStageFallbackPolicy: 'RulePolicy',
  MappingPolicy: 'RulePolicy',
  FormPolicy: 'RulePolicy',
  KerasPolicy: 'TEDPolicy',
  EmbeddingPolicy: 'TEDPolicy',
  SklearnPolicy: 'TEDPolicy',
}

const TYPES = new Map(POLICIES.map(type => [type.name, type]))

/** Every name that a config may use, sorted. */
export const POLICY_NAMES: readonly string[] = [...TYPES.keys()].sort()

/**
 * Makes a policy of one's own known under the class path that a config names (`my_bot.policies.NightPolicy`). It has to be
 * registered wherever a model with it is trained or loaded. Throws CodedError for a name of Rasa's.
 */
export function registerPolicy(type: PolicyType): void {
  if (POLICY_NAMES.includes(type.name))
    throw new CodedError(
      'policy.name-taken',
      `'${type.name}' is a policy of Rasa's; give yours another name.`,
      {
        status: 400,
      },
    )
  TYPES.set(type.name, type)
}

/** The policy of a name, or null; Rasa takes its own by their full class path too. */
export function findPolicy(name: string): PolicyType | null {
  return TYPES.get(name.startsWith('rasa.core.') ? name.slice(name.lastIndexOf('.') + 1) : name) ?? null
}

/** Whether the training of this policy takes seconds or minutes. */
export function isLearned(name: string): boolean {
  return findPolicy(name)?.isLearned === true
}

/** What to write instead of a name of an older release; null where there is no such name. */
export function formerPolicyName(name: string): string | null {
  return Object.hasOwn(FORMER_NAMES, name) ? (FORMER_NAMES[name] ?? null) : null
}
