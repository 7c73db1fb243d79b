// Events in a request's body: one or a list, parsed once; those without a time happen now.

import { CodedError, parseEvents } from '@tabula/protocol'
import type { LoggedEvent, TrackerEvent } from '@tabula/protocol'
import { badRequest } from './errors.ts'

/** The body's event or events; throws 400 for anything else, also for an empty list (a 500 in Rasa). */
export function readEvents(body: unknown): readonly LoggedEvent[] {
  const events = readEventList(Array.isArray(body) ? body : [body])
  if (events.length === 0) throw badRequest('The body should hold at least one event.', '')
  return events
}

/** The body's list of events, which may be empty; throws 400 for anything else. */
export function readEventList(body: unknown): readonly LoggedEvent[] {
  if (!Array.isArray(body)) throw badRequest('The body should be a list of events.', '')
  const now = Date.now() / 1000
  return parse(body).map(event => ({ ...event, timestamp: event.timestamp ?? now }))
}

function parse(values: readonly unknown[]): readonly TrackerEvent[] {
  try {
    return parseEvents(values)
  } catch (error) {
    throw error instanceof CodedError ? badRequest(error.message) : error
  }
}
