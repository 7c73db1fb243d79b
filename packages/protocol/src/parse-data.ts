// What understanding makes of a message: Rasa's parse result (/model/parse, parse_data of a user event).

import type { JsonObject, JsonValue } from './json.ts'

export interface IntentPrediction {
  readonly name: string | null
  /** Absent on messages made by trigger_intent and reminders. */
  readonly confidence?: number
  readonly full_retrieval_intent_name?: string | null
}

/** An entity of a message; `start` and `end` count code points of the trimmed text. */
export interface Entity {
  readonly entity: string
  readonly value: JsonValue
  readonly start?: number
  readonly end?: number
  readonly confidence_entity?: number | null
  readonly role?: string
  readonly confidence_role?: number
  readonly group?: string
  readonly confidence_group?: number
  readonly extractor?: string
  readonly processors?: readonly string[]
  readonly additional_info?: JsonValue
  readonly [other: string]: JsonValue | undefined
}

export interface ParseData {
  readonly text?: string | null
  readonly intent: IntentPrediction | Record<string, never>
  readonly entities: readonly Entity[]
  readonly text_tokens?: readonly (readonly [number, number])[]
  readonly intent_ranking?: readonly IntentPrediction[]
  readonly response_selector?: JsonObject
  readonly message_id?: string | null
  readonly metadata?: JsonObject
  readonly [other: string]: unknown
}
