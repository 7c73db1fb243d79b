// Rasa's value of a conversation in Redis: `{"events": […], "name": "<sender>"}`.

import { CodedError, parseExactJson } from '@tabula/protocol'
import type { LoggedEvent } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { asciiJson, parseStoredEvent } from './event-row.ts'

/** The events of Rasa's value. Throws CodedError `tracker.unreadable` where it is something else. */
export function parseRasaTracker(json: string): readonly LoggedEvent[] {
  try {
    const value = parseExactJson(json)
    if (isRecord(value) && Array.isArray(value['events'])) {
      return value['events'].map(event => parseStoredEvent(JSON.stringify(event)))
    }
  } catch (cause) {
    throw unreadable(cause)
  }
  throw unreadable(undefined)
}

/** The value as Rasa writes it. */
export function writeRasaTracker(sender: string, events: readonly LoggedEvent[]): string {
  return asciiJson({ events, name: sender })
}

function unreadable(cause: unknown): CodedError {
  return new CodedError(
    'tracker.unreadable',
    'What Rasa left in Redis for this conversation cannot be read; it was not touched.',
    { status: 500, cause },
  )
}
