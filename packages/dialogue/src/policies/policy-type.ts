// One Rasa policy name: its options, how it is trained on conversations, and how it is loaded.

import type { SavedPart } from '@tabula/ml'
import type { JsonObject, Problem } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import type { TrainingTracker } from '../stories/training-tracker.ts'
import type { StateOptions } from '../tracker/state-history.ts'
import type { Policy, PolicyConfig } from './policy.ts'

/** What a policy learns from. */
export interface PolicyTraining {
  readonly config: PolicyConfig
  /** Every option of the type, the config's laid over the defaults. */
  readonly options: JsonObject
  readonly domain: Domain
  /** Conversations of stories, glued ones included, then those of rules. */
  readonly trackers: readonly TrainingTracker[]
  readonly seed: number
  readonly onProgress: (fraction: number) => void
  readonly signal?: AbortSignal
  readonly warn: (problem: Problem) => void
}

export interface PolicyContext {
  readonly domain: Domain
  /** How policies that learn from stories see a conversation: without what occurs in rules alone. */
  readonly storyView: StateOptions
}

export interface PolicyType {
  /** Rasa's name, as in config.yml. */
  readonly name: string
  /** Names and defaults of its options, as Rasa documents them. */
  readonly defaults: JsonObject
  /** Trained for many epochs, and thus for seconds or minutes. */
  readonly isLearned?: boolean
  /** Options that are not among the defaults are no mistake. */
  readonly acceptsAnyOption?: boolean
  /** Complaints about option values; positions are added by the caller. */
  check(options: JsonObject): Problem[]
  /** Throws ProjectError where stories or rules cannot be learned. */
  train(training: PolicyTraining): SavedPart | Promise<SavedPart>
  load(saved: SavedPart, options: JsonObject, context: PolicyContext): Policy
}
