// What a turn asks of the world: it yields effects and is resumed with their results. Nothing here performs anything.

import type {
  ActionCall,
  ActionOutcome,
  BotMessage,
  JsonObject,
  ReminderCancelled,
  ReminderScheduled,
  TrackerState,
} from '@tabula/protocol'

/** Calls a custom action; resumed with its outcome. */
export interface CallActionEffect {
  readonly kind: 'call_action'
  readonly call: ActionCall
}
/** Asks a remote NLG server for a response; resumed with the message, null where it gave none, undefined where it is away. */
export interface RemoteNlgEffect {
  readonly kind: 'remote_nlg'
  readonly request: {
    readonly response: string
    readonly id: string | null
    readonly arguments: JsonObject
    readonly tracker: TrackerState
    readonly channel: { readonly name: string }
  }
}
/** Sends one bot message to the user through the channel of this turn. */
export interface SendEffect {
  readonly kind: 'send'
  readonly message: BotMessage
}
export interface ScheduleReminderEffect {
  readonly kind: 'schedule_reminder'
  readonly reminder: ReminderScheduled
}
export interface CancelReminderEffect {
  readonly kind: 'cancel_reminder'
  readonly cancel: ReminderCancelled
}
/** Something that the log should hold: an action that failed, the limit of actions reached. */
export interface LogEffect {
  readonly kind: 'log'
  readonly level: 'warn' | 'error'
  readonly code: string
  readonly message: string
}

export type Effect =
  CallActionEffect | RemoteNlgEffect | SendEffect | ScheduleReminderEffect | CancelReminderEffect | LogEffect

/** What the driver resumes with: an outcome for call_action, a message, null or undefined for remote_nlg, undefined otherwise. */
export type EffectResult = ActionOutcome | BotMessage | null | undefined

/** A turn or a part of one. */
export type Effectful<Result> = Generator<Effect, Result, EffectResult>
