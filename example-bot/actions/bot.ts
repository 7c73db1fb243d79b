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
  readonly order_number: string
  readonly requested_slot: 'order_number'
  readonly session_started_metadata: JsonValue
}

/** What a message may mean. */
export type Intent =
  | DefaultIntent
  | 'greet'
  | 'goodbye'
  | 'thank'
  | 'affirm'
  | 'deny'
  | 'ask_shipping_cost'
  | 'ask_delivery_time'
  | 'ask_delivery_area'
  | 'create_account'
  | 'reset_password'
  | 'ask_returns'
  | 'ask_refund'
  | 'ask_payment'
  | 'ask_discount'
  | 'ask_opening_hours'
  | 'order_status'
  | 'give_order_number'
  | 'stop'
  | 'talk_to_person'
  | 'bot_challenge'

/** The entities, with their roles and groups. */
export interface Entities {
  readonly order_number: { readonly roles: never; readonly groups: never }
}

/** The responses, with the variables that their texts name. */
export interface Responses {
  readonly utter_greet: Readonly<Record<string, never>>
  readonly utter_goodbye: Readonly<Record<string, never>>
  readonly utter_welcome: Readonly<Record<string, never>>
  readonly utter_glad: Readonly<Record<string, never>>
  readonly utter_no_problem: Readonly<Record<string, never>>
  readonly utter_shipping_cost: Readonly<Record<string, never>>
  readonly utter_delivery_time: Readonly<Record<string, never>>
  readonly utter_delivery_area: Readonly<Record<string, never>>
  readonly utter_create_account: Readonly<Record<string, never>>
  readonly utter_reset_password: Readonly<Record<string, never>>
  readonly utter_returns: Readonly<Record<string, never>>
  readonly utter_refund: Readonly<Record<string, never>>
  readonly utter_payment: Readonly<Record<string, never>>
  readonly utter_discount: Readonly<Record<string, never>>
  readonly utter_opening_hours: Readonly<Record<string, never>>
  readonly utter_ask_order_number: Readonly<Record<string, never>>
  readonly utter_invalid_order_number: { readonly order_number?: JsonValue }
  readonly utter_stopped: Readonly<Record<string, never>>
  readonly utter_handover: Readonly<Record<string, never>>
  readonly utter_bot: Readonly<Record<string, never>>
  readonly utter_out_of_scope: Readonly<Record<string, never>>
  readonly utter_default: Readonly<Record<string, never>>
}

/** The forms, with the slots that they ask for. */
export interface Forms {
  readonly order_form: 'order_number'
}

/** What can be made to run next. */
export type ActionName =
  DefaultAction | keyof Responses | keyof Forms | 'action_order_status' | 'validate_order_form'

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
