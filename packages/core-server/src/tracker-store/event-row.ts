// An event as a row of Rasa's `events` table, and back.

import { mayHoldWholeFloat, parseEvent, parseExactJson } from '@tabula/protocol'
import type { LoggedEvent } from '@tabula/protocol'

export interface EventRow {
  readonly sender_id: string
  readonly type_name: string
  readonly timestamp: number
  readonly intent_name: string | null
  /** The `name` of any event that has one: actions, but slots and loops too, as Rasa fills it. */
  readonly action_name: string | null
  readonly data: string
}

export function toRow(sender: string, event: LoggedEvent): EventRow {
  const intent = event.event === 'user' ? event.parse_data.intent.name : null
  const name = 'name' in event ? event.name : null
  return {
    sender_id: sender,
    type_name: event.event,
    timestamp: event.timestamp,
    intent_name: intent ?? null,
    action_name: name ?? null,
    data: asciiJson(event),
  }
}

/** The event of a row's data, which Rasa (also an older one) or this server wrote. Throws CodedError where it is none. */
export function parseStoredEvent(data: string): LoggedEvent {
  const event = parseExactJson(data)
  // Rasa writes a point into confidences and times as well; the door makes plain numbers of those.
  if (isLogged(event) && !mayHoldWholeFloat(data)) return event
  const parsed = parseEvent(event)
  return { ...parsed, timestamp: parsed.timestamp ?? 0 }
}

/** JSON with everything beyond ASCII escaped, as Rasa stores it. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\u0000-\u007f]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Old names of events, and what was saved without a time, go through the door; the rest is as it was written. */
function isLogged(value: unknown): value is LoggedEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'event' in value &&
    typeof value.event === 'string' &&
    value.event !== 'form' &&
    value.event !== 'form_validation' &&
    'timestamp' in value &&
    typeof value.timestamp === 'number'
  )
}
