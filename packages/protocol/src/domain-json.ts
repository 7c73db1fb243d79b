// A domain as data: the keys of domain.yml, also what GET /domain and an action call carry.

import type { BotMessage } from './bot-message.ts'
import type { JsonObject, JsonValue } from './json.ts'

export interface IntentOptions {
  readonly use_entities?: boolean | readonly string[]
  readonly ignore_entities?: readonly string[]
  readonly used_entities?: readonly string[]
  readonly is_retrieval_intent?: boolean
}
export interface EntityOptions {
  readonly roles?: readonly string[]
  readonly groups?: readonly string[]
  readonly influence_conversation?: boolean
}
export interface MappingCondition {
  readonly active_loop?: string | null
  readonly requested_slot?: string
}
interface MappingBase {
  readonly intent?: string | readonly string[]
  readonly not_intent?: string | readonly string[]
  readonly conditions?: readonly MappingCondition[]
}
export interface FromEntityMapping extends MappingBase {
  readonly type: 'from_entity'
  readonly entity: string
  readonly role?: string
  readonly group?: string
}
export interface FromIntentMapping extends MappingBase {
  readonly type: 'from_intent' | 'from_trigger_intent'
  readonly value: JsonValue
}
export interface FromTextMapping extends MappingBase {
  readonly type: 'from_text'
}
export interface CustomMapping extends MappingBase {
  readonly type: 'custom'
  readonly action?: string
}
export type SlotMapping = FromEntityMapping | FromIntentMapping | FromTextMapping | CustomMapping

export interface SlotJson {
  /** text, bool, float, list, categorical, any, or the class path of a custom type. */
  readonly type: string
  readonly initial_value?: JsonValue
  readonly influence_conversation?: boolean
  readonly mappings: readonly SlotMapping[]
  readonly values?: readonly JsonValue[]
  readonly min_value?: number
  readonly max_value?: number
  readonly [other: string]: unknown
}

export interface ResponseCondition {
  readonly type: 'slot'
  readonly name: string
  readonly value: JsonValue
}
/** One variation of a response as written in the domain. */
export type ResponseVariation = BotMessage & {
  readonly id?: string
  readonly channel?: string
  readonly metadata?: JsonObject
  readonly condition?: readonly ResponseCondition[]
}

export interface FormJson {
  readonly required_slots?: readonly string[]
  readonly ignored_intents?: string | readonly string[]
}

export interface DomainJson {
  readonly version?: string
  readonly intents?: readonly (string | Readonly<Record<string, IntentOptions>>)[]
  readonly entities?: readonly (string | Readonly<Record<string, EntityOptions>>)[]
  readonly slots?: Readonly<Record<string, SlotJson>>
  readonly responses?: Readonly<Record<string, readonly ResponseVariation[]>>
  readonly actions?: readonly (string | Readonly<Record<string, { readonly send_domain?: boolean }>>)[]
  readonly forms?: Readonly<Record<string, FormJson>>
  readonly e2e_actions?: readonly string[]
  readonly session_config?: {
    readonly session_expiration_time?: number
    readonly carry_over_slots_to_new_session?: boolean
  }
  readonly config?: { readonly store_entities_as_slots?: boolean }
  readonly [other: string]: unknown
}
