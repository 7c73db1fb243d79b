// What every slot type is: the values it takes, and the features that a value gives to a state.

import type { JsonValue, SlotJson, SlotMapping } from '@tabula/protocol'

export interface Slot {
  readonly name: string
  /** Rasa's name of the type, or the class path of a custom one. */
  readonly type: string
  readonly initialValue: JsonValue
  /** False for `any` slots and where the domain says so: such a slot is in no state. */
  readonly influencesConversation: boolean
  readonly mappings: readonly SlotMapping[]
  /** Added by Rasa itself: requested_slot, session_started_metadata, knowledge-base slots. */
  readonly isAutomatic: boolean
  /** How many features a value has; 0 where the slot does not influence the conversation. */
  readonly featureCount: number
  /** The features of a value; all zero = absent from the state. */
  features(value: JsonValue): readonly number[]
  /** The value as the slot stores it: a list slot wraps a single value. */
  stored(value: JsonValue): JsonValue
}

/** What a slot type adds to the common part. */
export interface SlotType {
  readonly featureCount: number
  features(value: JsonValue): readonly number[]
  stored?(value: JsonValue): JsonValue
}

/** Makes the type's part from the slot's own keys (`values`, `min_value` …); throws CodedError where they cannot work. */
export type SlotTypeFactory = (name: string, json: SlotJson) => SlotType
