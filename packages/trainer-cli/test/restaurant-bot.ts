// Written by `bot types` from the domain: do not edit it, run the command again. Import names from here to have them checked.

import { forBot } from '@tabula/action-sdk'
import type {
  BotTypes,
  CollectingDispatcher,
  DefaultAction,
  DefaultIntent,
  JsonValue,
  Named,
  Tracker,
} from '@tabula/action-sdk'

/** What may stand in each slot, when it is set. */
export interface Slots {
  readonly cuisine: string
  readonly 'amount-of-money': number
  readonly size: 'small' | 'large'
  readonly requested_slot: 'cuisine' | 'size'
  readonly session_started_metadata: JsonValue
}

/** What a message may mean. */
export type Intent = DefaultIntent | 'greet' | 'inform'

/** The entities, with their roles and groups. */
export interface Entities {
  readonly cuisine: { readonly roles: never; readonly groups: never }
  readonly city: { readonly roles: 'from' | 'to'; readonly groups: never }
}

/** The responses, with the variables that their texts name. */
export interface Responses {
  readonly utter_greet: Readonly<Record<string, never>>
  readonly utter_price: { readonly price: JsonValue; readonly cuisine?: JsonValue }
}

/** The forms, with the slots that they ask for. */
export interface Forms {
  readonly restaurant_form: 'cuisine' | 'size'
}

/** What can be made to run next. */
export type ActionName = DefaultAction | keyof Responses | keyof Forms | 'action_price' | 'action_big'

/** All of it: `FormValidationAction<Bot>`. */
export interface Bot extends BotTypes {
  readonly slots: { readonly [Name in keyof Slots]: Slots[Name] | null }
  readonly intents: Intent
  readonly entities: Named<Entities>
  readonly responses: Named<Responses>
  readonly forms: Named<Forms>
  readonly actions: ActionName
}

export type BotTracker = Tracker<Bot>
export type BotDispatcher = CollectingDispatcher<Bot>

export const { defineAction, slotSet, followupAction, activeLoop } = forBot<Bot>()
