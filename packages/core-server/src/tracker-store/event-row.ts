// An event as a row of Rasa's `events` table, and back.

import { CodedError } from '@tabula/protocol'
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

/** The event of a row's data, which Rasa or this server wrote. Throws CodedError `tracker.unreadable`. */
export function parseStoredEvent(data: string): LoggedEvent {
  const event: unknown = JSON.parse(data)
  if (!isStoredEvent(event)) {
    throw new CodedError('tracker.unreadable', `A stored event is none: ${data.slice(0, 200)}`)
  }
  return event
}

/** JSON with everything beyond ASCII escaped, as Rasa stores it. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    // eslint-disable-next-line no-control-regex
    /[^\u0000-\u007f]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function isStoredEvent(value: unknown): value is LoggedEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'event' in value &&
    typeof value.event === 'string' &&
    'timestamp' in value &&
    typeof value.timestamp === 'number'
  )
}
