// What every policy is, what it predicts, and why: the ensemble picks among predictions.

import type { SavedPart } from '@tabula/ml'
import type { JsonObject, SourcePosition, TrackerEvent } from '@tabula/protocol'
import type { Tracker } from '../tracker/tracker.ts'

/** A policy as config.yml names it; options are the entry's other keys, as written. */
export interface PolicyConfig {
  readonly name: string
  readonly options: JsonObject
  readonly position?: SourcePosition
}

/** The reason behind a prediction, kept beside the events for API and history page. */
export interface PolicyReason {
  readonly policy: string
  readonly action: string
  readonly confidence: number
  /** The rule or story that decided, with its place, where one did. */
  readonly source?: {
    readonly kind: 'rule' | 'story' | 'score' | 'followup' | 'fallback' | 'loop'
    readonly name?: string
    readonly position?: SourcePosition
  }
}

export interface PolicyPrediction {
  readonly policy: string
  readonly priority: number
  /** By the domain's action index. */
  readonly probabilities: number[]
  /** Events that are logged whichever policy wins. */
  readonly mandatoryEvents: readonly TrackerEvent[]
  /** Events that are logged if this policy wins. */
  readonly optionalEvents: readonly TrackerEvent[]
  /** Won over the text of the message (end to end). */
  readonly isEndToEnd: boolean
  /** The happy path of a loop: no prediction that needs the user's message competes. */
  readonly isNoUser: boolean
  readonly hideRuleTurn: boolean
  /** Goes into the action event's metadata. */
  readonly actionMetadata?: JsonObject
  readonly reason: PolicyReason
}

export interface Policy {
  readonly name: string
  readonly priority: number
  predict(tracker: Tracker): PolicyPrediction
  save(): SavedPart
}

/** What the ensemble decided for one step. */
export interface EnsemblePrediction extends PolicyPrediction {
  readonly actionName: string
  /** Set where an end-to-end answer's text is the action. */
  readonly actionText: string | null
  readonly confidence: number
  readonly runnerUp: PolicyReason | null
}

/** Picks the next action of a conversation; the turn knows policies only through this. */
export interface PolicyEnsemble {
  predict(tracker: Tracker): EnsemblePrediction
}
