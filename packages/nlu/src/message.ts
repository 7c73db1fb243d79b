// A message on its way through the pipeline. Offsets are UTF-16 units inside; they become code points on the way out.

import type { Entity, IntentPrediction, JsonObject } from '@tabula/protocol'

export interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly lemma?: string
  readonly pos?: string
}

/** A sparse row: ascending column numbers and their values. */
export interface SparseRow {
  readonly indices: Uint32Array
  readonly values: Float32Array
}

/** What one featurizer adds: rows of `width` columns, one a token and one for the whole sentence. */
export interface Features {
  /** The featurizer's name and place in the pipeline, for example `CountVectorsFeaturizer.3`. */
  readonly origin: string
  readonly width: number
  readonly sequence: readonly SparseRow[] | null
  readonly sentence: SparseRow | null
  /** Dense sentence vector, where the featurizer gives one. */
  readonly dense?: Float32Array
}

export interface Message {
  readonly text: string
  tokens: readonly Token[]
  readonly features: Features[]
  intent: IntentPrediction | null
  /** null where no classifier gave one: then the key stays away from the parse result. */
  ranking: readonly IntentPrediction[] | null
  /** Entities with UTF-16 offsets. */
  entities: Entity[]
  responseSelector: JsonObject | null
}

export function createMessage(text: string): Message {
  return { text, tokens: [], features: [], intent: null, ranking: null, entities: [], responseSelector: null }
}
