// The JSON of a tracker: GET /conversations/ID/tracker, and what an action server gets.

import type { TrackerEvent } from './events.ts'
import type { JsonObject, JsonValue } from './json.ts'
import type { ParseData } from './parse-data.ts'

export const EVENT_VERBOSITIES = ['NONE', 'APPLIED', 'AFTER_RESTART', 'ALL'] as const
export type EventVerbosity = (typeof EVENT_VERBOSITIES)[number]

export interface ActiveLoopState {
  readonly name: string
  readonly is_interrupted: boolean
  readonly rejected: boolean
  readonly trigger_message: ParseData | JsonObject | null
}

export interface TrackerState {
  readonly sender_id: string
  readonly slots: Readonly<Record<string, JsonValue>>
  readonly latest_message: ParseData
  readonly latest_event_time: number | null
  readonly followup_action: string | null
  readonly paused: boolean
  /** null for EventVerbosity NONE. */
  readonly events: readonly TrackerEvent[] | null
  readonly latest_input_channel: string | null
  readonly active_loop: ActiveLoopState | Record<string, never>
  /** The active loop as Rasa 1 had it: for action servers of that age, which run forms themselves. */
  readonly active_form?: JsonObject
  readonly latest_action: { readonly action_name?: string; readonly action_text?: string }
  readonly latest_action_name: string | null
}
