// The types of one bot, as `bot types` writes them of its domain, and what stands for them where none are written.

import type { JsonValue } from '@tabula/protocol'

/** Names of a domain, and what they hold. */
export interface BotTypes {
  /** Values by slot; each may also be null. */
  readonly slots: Readonly<Record<string, JsonValue>>
  readonly intents: string
  /** By entity, its roles and groups. */
  readonly entities: Readonly<Record<string, EntityType>>
  /** By response, the variables that its texts name: those that no slot fills must be given. */
  readonly responses: Readonly<Record<string, object>>
  /** By form, the slots that it asks for. */
  readonly forms: Readonly<Record<string, string>>
  readonly actions: string
}

/** Any names and values: the types of a bot that has none of its own. */
export interface AnyBot extends BotTypes {
  readonly responses: Readonly<Record<string, Readonly<Record<string, JsonValue | undefined>>>>
}

/** The names of an interface, where any names may stand. */
export type Named<Names> = { readonly [Name in keyof Names]: Names[Name] }

export interface EntityType {
  readonly roles: string
  readonly groups: string
}

export type SlotName<B extends BotTypes> = keyof B['slots'] & string
export type SlotValue<B extends BotTypes, Name extends SlotName<B>> = B['slots'][Name]
/** Slots by name, for those that are given. */
export type SomeSlots<B extends BotTypes> = {
  readonly [Name in keyof B['slots']]?: B['slots'][Name] | null
}

export type EntityName<B extends BotTypes> = keyof B['entities'] & string
/** The roles, or the groups, of an entity. */
export type EntityPart<
  B extends BotTypes,
  Name extends EntityName<B>,
  Part extends keyof EntityType,
> = B['entities'][Name][Part]

export type ResponseName<B extends BotTypes> = keyof B['responses'] & string
/** The variables of a response as an argument, which may be left out where none of them must be given. */
export type VariablesOf<B extends BotTypes, Name extends ResponseName<B>> =
  B['responses'][Name] extends Readonly<Record<string, never>>
    ? []
    : Partial<B['responses'][Name]> extends B['responses'][Name]
      ? [variables?: B['responses'][Name]]
      : [variables: B['responses'][Name]]

export type FormName<B extends BotTypes> = keyof B['forms'] & string
/** The name of the action that validates a form. */
export type ValidationName<B extends BotTypes> =
  string extends FormName<B> ? string : `validate_${FormName<B>}`

/** The intents and actions that every domain has. */
export type DefaultIntent = 'restart' | 'back' | 'out_of_scope' | 'session_start' | 'nlu_fallback'
export type DefaultAction =
  | 'action_listen'
  | 'action_restart'
  | 'action_session_start'
  | 'action_default_fallback'
  | 'action_deactivate_loop'
  | 'action_revert_fallback_events'
  | 'action_default_ask_affirmation'
  | 'action_default_ask_rephrase'
  | 'action_two_stage_fallback'
  | 'action_unlikely_intent'
  | 'action_back'
  | 'action_extract_slots'
