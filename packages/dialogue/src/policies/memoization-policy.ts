// MemoizationPolicy: repeats what a story did after exactly the same states.

import type { SavedPart } from '@tabula/ml'
import type { JsonObject } from '@tabula/protocol'
import type { State } from '../tracker/state.ts'
import type { Tracker } from '../tracker/tracker.ts'
import { ActionMemory, type Remembered } from './action-memory.ts'
import { recentStates, trainingSteps } from './featurized-states.ts'
import { writtenTrackers } from './learn-rules.ts'
import { checkOptionTypes, maxHistory, numberOption } from './options.ts'
import type { Policy, PolicyPrediction } from './policy.ts'
import type { PolicyContext, PolicyTraining, PolicyType } from './policy-type.ts'
import { noProbabilities, predictionOf, scoreOf } from './prediction.ts'

export const MEMOIZATION_DEFAULTS: JsonObject = {
  priority: 3,
  max_history: null,
  enable_feature_string_compression: true,
  use_nlu_confidence_as_score: false,
  featurizer: null,
}

export const memoizationPolicy: PolicyType = {
  name: 'MemoizationPolicy',
  defaults: MEMOIZATION_DEFAULTS,
  check: checkMemoization,
  train: memorize,
  load: (saved, options, context) => new MemoizationPolicy(saved, options, context),
}

export function checkMemoization(options: JsonObject): ReturnType<PolicyType['check']> {
  return checkOptionTypes(options, {
    numbers: ['priority', 'max_history'],
    flags: ['use_nlu_confidence_as_score', 'enable_feature_string_compression'],
  })
}

/** What the written stories did, saved. */
export function memorize({ options, trackers }: PolicyTraining): SavedPart {
  const { storyTrackers } = writtenTrackers(trackers)
  return ActionMemory.of(trainingSteps(storyTrackers, { maxHistory: maxHistory(options) })).save()
}

export class MemoizationPolicy implements Policy {
  readonly name: string = 'MemoizationPolicy'
  readonly priority: number
  protected readonly memory: ActionMemory
  protected readonly maxHistory: number | null
  protected readonly context: PolicyContext
  readonly #options: JsonObject
  readonly #saved: SavedPart

  constructor(saved: SavedPart, options: JsonObject, context: PolicyContext) {
    this.priority = numberOption(options, 'priority', 3)
    this.memory = ActionMemory.load(saved)
    this.maxHistory = maxHistory(options)
    this.context = context
    this.#options = options
    this.#saved = saved
  }

  predict(tracker: Tracker): PolicyPrediction {
    const { domain } = this.context
    const remembered = this.recall(tracker)
    const probabilities = noProbabilities(domain)
    const index = remembered === null ? undefined : domain.actionIndex(remembered.action)
    if (index !== undefined) probabilities[index] = scoreOf(tracker, this.#options)
    const source =
      remembered === null
        ? undefined
        : { kind: 'story' as const, name: remembered.story, position: remembered.position }
    return predictionOf(this, probabilities, domain, source)
  }

  save(): SavedPart {
    return this.#saved
  }

  protected recall(tracker: Tracker): Remembered | null {
    const states = this.statesOf(tracker)
    return states === null ? null : this.memory.recall(states)
  }

  /** The states that are looked up; null where there are more than any story has. */
  protected statesOf(tracker: Tracker): readonly State[] | null {
    return recentStates(tracker.states(this.context.storyView), this.maxHistory, this.memory.longest)
  }
}
