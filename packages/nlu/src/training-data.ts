// NLU training data after reading: examples with annotations, synonyms, regexes, lookup tables.

import type { JsonObject, ResponseVariation, SourcePosition } from '@tabula/protocol'

/** An annotated span; `start` and `end` are UTF-16 offsets into the example's text. */
export interface AnnotatedEntity {
  readonly start: number
  readonly end: number
  readonly entity: string
  readonly value: string
  readonly role?: string
  readonly group?: string
}

export interface NluExample {
  readonly text: string
  /** The intent without its response key: `faq` for `faq/opening`. */
  readonly intent?: string
  /** `faq/opening` where the intent is a retrieval intent. */
  readonly intentResponseKey?: string
  readonly entities: readonly AnnotatedEntity[]
  readonly metadata?: JsonObject
  readonly position?: SourcePosition
}

export interface RegexPattern {
  readonly name: string
  readonly pattern: string
  readonly position?: SourcePosition
}

export interface LookupTable {
  readonly name: string
  readonly elements: readonly string[]
  readonly position?: SourcePosition
}

export interface NluTrainingData {
  readonly examples: readonly NluExample[]
  /** Text to canonical value; later definitions win. */
  readonly synonyms: ReadonlyMap<string, string>
  readonly regexes: readonly RegexPattern[]
  readonly lookups: readonly LookupTable[]
  /** Responses of retrieval intents: `utter_faq/opening` to its variations. */
  readonly responses: ReadonlyMap<string, readonly ResponseVariation[]>
}
