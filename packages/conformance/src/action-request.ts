// Holds the body of an action call against the one that Rasa made for the same call.

import { plainJson } from '@tabula/protocol'
import type { JsonObject, JsonValue } from '@tabula/protocol'
import type { TapeCall } from './recording.ts'

/** Clocks and generated ids. */
const GENERATED = new Set(['latest_event_time', 'message_id', 'timestamp'])

/**
 * Places where the body differs from Rasa's, with both values. Rasa's memory store forgets the beginning of a conversation
 * after a new session; the events that it still sends have to be the last of ours.
 */
export function requestDifferences(asked: JsonObject, { request, action }: TapeCall): string[] {
  const { domain, ...rest } = asked
  const ours = withEventNames(rest)
  const differences: string[] = []
  if (domain === undefined) differences.push(`${action}: the domain is missing`)
  // 1.0 and 1 are the same number in JSON.
  hold(action, plainJson(request), ours, differences)
  return differences
}

function withEventNames(body: JsonObject): JsonObject {
  const tracker = body['tracker'] as JsonObject
  const events = (tracker['events'] ?? []) as readonly JsonObject[]
  return { ...body, tracker: { ...tracker, events: events.map(({ event }) => event ?? null) } }
}

function hold(place: string, theirs: JsonValue, ours: JsonValue, differences: string[]): void {
  const name = place.split('/').at(-1) ?? ''
  if (GENERATED.has(name)) return
  if (name === 'events' && Array.isArray(theirs) && Array.isArray(ours)) {
    const last = theirs.length === 0 ? [] : ours.slice(-theirs.length)
    if (JSON.stringify(last) !== JSON.stringify(theirs)) differences.push(describe(place, theirs, ours))
    return
  }
  if (isObject(theirs) && isObject(ours)) {
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const [a, b] = [theirs[key], ours[key]]
      if (a === undefined || b === undefined) differences.push(describe(`${place}/${key}`, a, b))
      else hold(`${place}/${key}`, a, b, differences)
    }
    return
  }
  if (Array.isArray(theirs) && Array.isArray(ours) && theirs.length === ours.length) {
    theirs.forEach((each: JsonValue, index) => {
      hold(`${place}/${index}`, each, ours[index] as JsonValue, differences)
    })
    return
  }
  if (JSON.stringify(theirs) !== JSON.stringify(ours)) differences.push(describe(place, theirs, ours))
}

function describe(place: string, theirs: JsonValue | undefined, ours: JsonValue | undefined): string {
  return `${place}: Rasa sends ${JSON.stringify(theirs)}, we send ${JSON.stringify(ours)}`
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
