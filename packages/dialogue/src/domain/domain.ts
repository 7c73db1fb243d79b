// The domain of a bot: what it can understand, remember, say and do, with Rasa's order of actions.

import type { DomainJson, ResponseVariation, SlotMapping, JsonValue } from '@tabula/protocol'

export interface Intent {
  readonly name: string
  /** Entity features that count in a state when this intent was understood: `city`, `city#from`. */
  readonly usedEntities: ReadonlySet<string>
  readonly isRetrieval: boolean
}

export interface Slot {
  readonly name: string
  readonly type: string
  readonly initialValue: JsonValue
  /** False for `any` slots and where the domain says so: such a slot is in no state. */
  readonly influencesConversation: boolean
  readonly mappings: readonly SlotMapping[]
  /** Added by Rasa itself: requested_slot, session_started_metadata, knowledge-base slots. */
  readonly isAutomatic: boolean
  /** The slot's features for a value; all zero = absent from the state. */
  features(value: JsonValue): readonly number[]
}

export interface Form {
  readonly name: string
  readonly requiredSlots: readonly string[]
  readonly ignoredIntents: readonly string[]
}

export declare class Domain {
  /** The domain of a merged domain.yml; throws ProjectError with all that is wrong. */
  static fromJson(json: DomainJson): Domain
  readonly intents: ReadonlyMap<string, Intent>
  /** Names and their features with roles and groups. */
  readonly entities: ReadonlyMap<
    string,
    {
      readonly name: string
      readonly roles: readonly string[]
      readonly groups: readonly string[]
      readonly influencesConversation: boolean
    }
  >
  /** In the domain's order, automatic ones as Rasa orders them. */
  readonly slots: ReadonlyMap<string, Slot>
  readonly responses: ReadonlyMap<string, readonly ResponseVariation[]>
  readonly forms: ReadonlyMap<string, Form>
  /** Index order: defaults (action_listen first), user actions, sorted responses, forms, end-to-end texts. */
  readonly actions: readonly string[]
  /** The user's own `actions:` list (also where one overrides a default). */
  readonly userActions: ReadonlySet<string>
  readonly endToEndActions: readonly string[]
  readonly sessionConfig: { readonly expirationMinutes: number; readonly carryOverSlots: boolean }
  actionIndex(name: string): number | undefined
  /** Whether the domain is sent along with calls of this action under enable_selective_domain. */
  sendsDomain(action: string): boolean
  /** Rasa's as_dict, the body of GET /domain and of an action call. */
  asDict(): DomainJson
}
