// Tracker events as they stand in Rasa's JSON, a closed union told apart by `event`.

import type { BotData } from './bot-message.ts'
import type { JsonObject, JsonValue } from './json.ts'
import type { Entity, ParseData } from './parse-data.ts'

interface EventBase {
  /** Seconds since 1970; null or absent in what an action server returns. */
  readonly timestamp?: number | null
  readonly metadata?: JsonObject
}

export interface UserUttered extends EventBase {
  readonly event: 'user'
  readonly text: string | null
  readonly parse_data: ParseData
  readonly input_channel: string | null
  readonly message_id: string | null
}
export interface BotUttered extends EventBase {
  readonly event: 'bot'
  readonly text: string | null
  readonly data: BotData
}
export interface ActionExecuted extends EventBase {
  readonly event: 'action'
  readonly name: string | null
  readonly policy: string | null
  readonly confidence: number | null
  readonly action_text: string | null
  readonly hide_rule_turn: boolean
}
export interface SlotSet extends EventBase {
  readonly event: 'slot'
  readonly name: string
  readonly value: JsonValue
}
export interface EntitiesAdded extends EventBase {
  readonly event: 'entities'
  readonly entities: readonly Entity[]
}
export interface UserFeaturization extends EventBase {
  readonly event: 'user_featurization'
  readonly use_text_for_featurization: boolean | null
}
export interface ActiveLoopChanged extends EventBase {
  readonly event: 'active_loop'
  readonly name: string | null
}
export interface LoopInterrupted extends EventBase {
  readonly event: 'loop_interrupted'
  readonly is_interrupted: boolean
}
export interface ActionExecutionRejected extends EventBase {
  readonly event: 'action_execution_rejected'
  readonly name: string
  readonly policy: string | null
  readonly confidence: number | null
}
export interface FollowupAction extends EventBase {
  readonly event: 'followup'
  readonly name: string
}
export interface ReminderScheduled extends EventBase {
  readonly event: 'reminder'
  readonly intent: string
  /** ISO 8601. */
  readonly date_time: string
  readonly entities: JsonValue
  readonly name: string
  readonly kill_on_user_msg: boolean
}
export interface ReminderCancelled extends EventBase {
  readonly event: 'cancel_reminder'
  readonly name?: string | null
  readonly intent?: string | null
  readonly entities?: JsonValue
}
export interface AgentUttered extends EventBase {
  readonly event: 'agent'
  readonly text: string | null
  readonly data: JsonValue
}

/** Events that carry nothing but their name. */
export const PLAIN_EVENTS = [
  'restart',
  'rewind',
  'undo',
  'reset_slots',
  'pause',
  'resume',
  'session_started',
  'export',
] as const
export interface PlainEvent extends EventBase {
  readonly event: (typeof PLAIN_EVENTS)[number]
}

export type TrackerEvent =
  | UserUttered
  | BotUttered
  | ActionExecuted
  | SlotSet
  | EntitiesAdded
  | UserFeaturization
  | ActiveLoopChanged
  | LoopInterrupted
  | ActionExecutionRejected
  | FollowupAction
  | ReminderScheduled
  | ReminderCancelled
  | AgentUttered
  | PlainEvent

/** An event as a tracker holds it: with its time. */
export type LoggedEvent = TrackerEvent & { readonly timestamp: number }
