// The types of one bot, as `bot types` writes them of its domain, and what stands for them where none are written.

import type { JsonValue } from '@tabula/protocol'

/** Names of a domain, and what they hold. */
export interface BotTypes {
  /** Values by slot; each may be null. */
  readonly slots: Readonly<Record<string, JsonValue>>
  readonly intents: string
  /** By entity, its roles and groups. */
  readonly entities: Readonly<Record<string, { readonly roles: string; readonly groups: string }>>
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

export type SlotName<B extends BotTypes> = keyof B['slots'] & string
export type SlotValue<B extends BotTypes, Name extends SlotName<B>> = B['slots'][Name]
export type EntityName<B extends BotTypes> = keyof B['entities'] & string
export type ResponseName<B extends BotTypes> = keyof B['responses'] & string
export type FormName<B extends BotTypes> = keyof B['forms'] & string

/** The variables of a response as an argument, which may be left out where none of them must be given. */
export type VariablesOf<B extends BotTypes, Name extends ResponseName<B>> =
  Readonly<Record<never, never>> extends B['responses'][Name]
    ? [variables?: B['responses'][Name]]
    : [variables: B['responses'][Name]]
