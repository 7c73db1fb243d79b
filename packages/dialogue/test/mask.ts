// What of an event must agree with Rasa's: all but clocks, generated ids, and which variation of a response was drawn.

import type { DomainJson, TrackerEvent } from '@tabula/protocol'

const GENERATED = new Set([
  'timestamp',
  'message_id',
  'model_id',
  'assistant_id',
  'scheduled_at',
  'date_time',
  'latest_event_time',
  'response_id',
  'session_started_metadata',
])

/** Names of responses with several variations. */
export function variedResponses({ responses = {} }: DomainJson): ReadonlySet<string> {
  return new Set(
    Object.entries(responses)
      .filter(([, variations]) => variations.length > 1)
      .map(([name]) => name),
  )
}

/** The event as text in which only what must agree is left. */
export function eventShape(event: TrackerEvent, varied: ReadonlySet<string>): string {
  const isVaried =
    event.event === 'bot' &&
    typeof event.metadata?.['utter_action'] === 'string' &&
    varied.has(event.metadata['utter_action'])
  const shape = masked(isVaried ? { ...event, text: null, data: null } : event)
  return JSON.stringify(shape)
}

/** The value with numbers rounded, keys sorted, and generated keys left out. */
export function masked(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * 1000) / 1000
  if (Array.isArray(value)) return value.map(masked)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !GENERATED.has(key) && item !== undefined)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => [key, masked(item)]),
  )
}
