// The events that an action may return, made with the fields that rasa-sdk gives them; `timestamp` null means now.

import type {
  ActionExecuted,
  BotUttered,
  JsonObject,
  JsonValue,
  ParseData,
  ReminderScheduled,
  TrackerEvent,
  UserUttered,
} from '@tabula/protocol'

/** A tracker's event, or one with fields left out that the server fills in. */
export type ActionEvent =
  | TrackerEvent
  | (Omit<UserUttered, 'parse_data' | 'message_id'> & { readonly parse_data: ParseData | null })
  | (Omit<BotUttered, 'data' | 'metadata'> & {
      readonly data: BotUttered['data'] | null
      readonly metadata: JsonObject | null
    })
  | Omit<ActionExecuted, 'action_text' | 'hide_rule_turn'>
  | (Omit<ReminderScheduled, 'name'> & { readonly name: string | null })

/** Seconds since 1970; without one the server takes the time when it applies the event. */
export interface Timed {
  readonly timestamp?: number | null
}
/** Whose prediction an event repeats. */
interface Predicted extends Timed {
  readonly policy?: string | null
  readonly confidence?: number | null
}

/** Sets a slot; null empties it. */
export function slotSet(
  name: string,
  value: JsonValue = null,
  { timestamp = null }: Timed = {},
): ActionEvent {
  return { event: 'slot', timestamp, name, value }
}

/** Gives every slot its initial value. */
export function allSlotsReset({ timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'reset_slots', timestamp }
}

/** Names the action that runs next, whatever the policies say. */
export function followupAction(name: string, { timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'followup', timestamp, name }
}

/** Forgets the conversation so far. */
export function restarted({ timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'restart', timestamp }
}

/** Begins a session; an own action_session_start returns it, and action_listen after it. */
export function sessionStarted({ timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'session_started', timestamp }
}

/** Keeps the assistant silent until conversationResumed. */
export function conversationPaused({ timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'pause', timestamp }
}

export function conversationResumed({ timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'resume', timestamp }
}

/** Takes back the latest message of the user, and all that followed it. */
export function userUtteranceReverted({ timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'rewind', timestamp }
}

/** Takes back the latest action. */
export function actionReverted({ timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'undo', timestamp }
}

export function storyExported({ timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'export', timestamp }
}

/** Turns a loop or form on; null turns off the one that is on. */
export function activeLoop(name: string | null, { timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'active_loop', name, timestamp }
}

export function loopInterrupted(isInterrupted: boolean, { timestamp = null }: Timed = {}): ActionEvent {
  return { event: 'loop_interrupted', is_interrupted: isInterrupted, timestamp }
}

/**
 * Has the assistant act on an intent later, as if the user had said it. A reminder of the same name replaces it; without a
 * name it gets one of its own. It is dropped when the user writes first, unless kill_on_user_msg is false.
 */
export function reminderScheduled(
  intent: string,
  time: Date,
  options: Timed & {
    readonly entities?: JsonValue
    readonly name?: string | null
    readonly kill_on_user_msg?: boolean
  } = {},
): ActionEvent {
  const { timestamp = null, entities = null, name = null, kill_on_user_msg = true } = options
  const date_time = time.toISOString()
  return { event: 'reminder', timestamp, intent, entities, date_time, name, kill_on_user_msg }
}

/** Drops the reminders that have this name, intent and entities; without any of them all of the conversation's. */
export function reminderCancelled(
  options: Timed & {
    readonly name?: string | null
    readonly intent?: string | null
    readonly entities?: JsonValue
  } = {},
): ActionEvent {
  const { timestamp = null, intent = null, entities = null, name = null } = options
  return { event: 'cancel_reminder', timestamp, intent, entities, name }
}

/** Logs an action as run. */
export function actionExecuted(
  name: string,
  { policy = null, confidence = null, timestamp = null }: Predicted = {},
): ActionEvent {
  return { event: 'action', name, policy, confidence, timestamp }
}

export function actionExecutionRejected(
  name: string,
  { policy = null, confidence = null, timestamp = null }: Predicted = {},
): ActionEvent {
  return { event: 'action_execution_rejected', name, policy, confidence, timestamp }
}

/** Logs a message of the user. */
export function userUttered(
  text: string | null,
  options: Timed & { readonly parse_data?: ParseData | null; readonly input_channel?: string | null } = {},
): ActionEvent {
  const { timestamp = null, parse_data = null, input_channel = null } = options
  return { event: 'user', timestamp, text, parse_data, input_channel }
}

/** Logs a message of the assistant; it is not sent. To say something, use the dispatcher. */
export function botUttered(
  text: string | null = null,
  options: Timed & { readonly data?: BotUttered['data'] | null; readonly metadata?: JsonObject | null } = {},
): ActionEvent {
  const { timestamp = null, data = null, metadata = null } = options
  return { event: 'bot', timestamp, text, data, metadata }
}

/** Logs what a person of the staff has said. */
export function agentUttered(
  text: string | null = null,
  { data = null, timestamp = null }: Timed & { readonly data?: JsonValue } = {},
): ActionEvent {
  return { event: 'agent', text, data, timestamp }
}
