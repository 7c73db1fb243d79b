// Events from outside (HTTP, actions, stores): checked, and made whole as Rasa makes them whole.

import type { BotData } from '../bot-message.ts'
import { CodedError } from '../errors.ts'
import type { TrackerEvent } from '../events.ts'
import { PLAIN_EVENTS } from '../events.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import type { Entity, ParseData } from '../parse-data.ts'
import type { Door } from './door.ts'
import { createDoor, describe } from './door.ts'
import { guardJson, refuse } from './guard.ts'
import { PARSE_LIMITS } from './limits.ts'
import { EVENTS } from './schemas.ts'

/**
 * The event with every field that its kind has; keys that it does not know are left out. A timestamp of null or 0 is left
 * out too: whoever adds the event to a tracker gives it the time. Throws CodedError with status 400.
 */
export function parseEvent(value: unknown, path = ''): TrackerEvent {
  const what = path === '' ? 'Event' : `Event ${path}`
  const kind = readKind(value, what)
  let door = DOORS.get(kind)
  if (door === undefined) {
    door = createDoor('Event', EVENTS[kind] ?? {}, PARSE_LIMITS.conversation)
    DOORS.set(kind, door)
  }
  return complete(kind, door(value, what), what)
}

/** A list of events; the error names which of them is wrong. */
export function parseEvents(value: unknown): TrackerEvent[] {
  if (!Array.isArray(value)) {
    throw refuse('Events', '', describe(guardJson(value, 'Events', PARSE_LIMITS.conversation)), 'a list')
  }
  return value.map((event: unknown, index) => parseEvent(event, `/${index}`))
}

const DOORS = new Map<string, Door>()

function readKind(value: unknown, what: string): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw refuse(what, '', describe(guardJson(value, what, PARSE_LIMITS.conversation)), 'an object')
  }
  const kind = 'event' in value ? value.event : undefined
  if (typeof kind !== 'string')
    throw refuse(what, '', "no text under the key 'event'", 'the name of an event')
  if (Object.hasOwn(EVENTS, kind)) return kind
  throw new CodedError(
    'input.unknown-event',
    `${what}: there is no event '${kind.slice(0, 60)}'. Known are: ${Object.keys(EVENTS).sort().join(', ')}.`,
    { status: 400, details: { event: kind.slice(0, 60) } },
  )
}

function complete(kind: string, event: JsonObject, what: string): TrackerEvent {
  const { timestamp } = event
  const metadata = readObject(event['metadata'])
  const base = {
    ...(typeof timestamp === 'number' && timestamp !== 0 ? { timestamp } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  }
  const named = { name: readText(event['name']) }
  const predicted = { policy: readText(event['policy']), confidence: readNumber(event['confidence']) }
  switch (kind) {
    case 'user':
      return { event: 'user', ...base, metadata, ...completeUser(event, metadata) }
    case 'bot':
      return {
        event: 'bot',
        ...base,
        metadata,
        text: readText(event['text']),
        data: readBotData(event['data']),
      }
    case 'action': {
      const action_text = readText(event['action_text'])
      if (named.name === null && action_text === null) {
        throw refuse(what, '', 'neither name nor action_text', 'one of the two as text')
      }
      return {
        event: 'action',
        ...base,
        ...named,
        ...predicted,
        action_text,
        hide_rule_turn: event['hide_rule_turn'] === true,
      }
    }
    case 'slot':
      return { event: 'slot', ...base, name: named.name ?? '', value: event['value'] ?? null }
    case 'entities':
      return { event: 'entities', ...base, entities: readEntities(event['entities']) }
    case 'user_featurization': {
      const use = event['use_text_for_featurization']
      return {
        event: 'user_featurization',
        ...base,
        use_text_for_featurization: typeof use === 'boolean' ? use : null,
      }
    }
    case 'active_loop':
    case 'form':
      return { event: 'active_loop', ...base, ...named }
    case 'loop_interrupted':
      return { event: 'loop_interrupted', ...base, is_interrupted: event['is_interrupted'] === true }
    case 'form_validation':
      return { event: 'loop_interrupted', ...base, is_interrupted: event['validate'] === false }
    case 'action_execution_rejected':
      return { event: 'action_execution_rejected', ...base, name: named.name ?? '', ...predicted }
    case 'followup':
      return { event: 'followup', ...base, name: named.name ?? '' }
    case 'reminder':
      return { event: 'reminder', ...base, ...completeReminder(event, what) }
    case 'cancel_reminder':
      return {
        event: 'cancel_reminder',
        ...base,
        ...named,
        intent: readText(event['intent']),
        entities: event['entities'] ?? null,
      }
    case 'agent':
      return { event: 'agent', ...base, text: readText(event['text']), data: event['data'] ?? null }
    default: {
      const plain = PLAIN_EVENTS.find(name => name === kind)
      if (plain === undefined)
        throw new CodedError('input.unknown-event', `There is no event '${kind}'.`, { status: 400 })
      return { event: plain, ...base }
    }
  }
}

function completeUser(event: JsonObject, metadata: JsonObject) {
  const given = readObject(event['parse_data'])
  const text = readText(event['text'])
  const message_id = readText(event['message_id'])
  const parse_data: ParseData = {
    ...{ intent: {}, entities: [], text, message_id, metadata },
    ...dropNull(given, ['intent', 'entities']),
  }
  return { text, parse_data, input_channel: readText(event['input_channel']), message_id }
}

/** Rasa reads a date in nearly any form; here it must be one that ECMAScript reads, as ISO 8601 is. */
function completeReminder(event: JsonObject, what: string) {
  const date_time = readText(event['date_time']) ?? ''
  if (Number.isNaN(Date.parse(date_time)))
    throw refuse(what, '/date_time', describe(date_time), 'a date in ISO 8601')
  return {
    intent: readText(event['intent']) ?? '',
    date_time,
    entities: event['entities'] ?? null,
    name: readText(event['name']) ?? crypto.randomUUID(),
    kill_on_user_msg: event['kill_on_user_msg'] !== false,
  }
}

function dropNull(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(([key, item]) => item !== null || !keys.includes(key)),
  )
}

function readText(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function readNumber(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null
}

function readObject(value: JsonValue | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {}
}

function readEntities(value: JsonValue | undefined): readonly Entity[] {
  // The schema of the event has checked the items.
  return Array.isArray(value) ? (value as readonly Entity[]) : []
}

/** Only the keys that were sent: Rasa adds none either. */
function readBotData(value: JsonValue | undefined): BotData {
  return readObject(value)
}
