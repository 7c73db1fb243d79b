// The two sides of the action protocol: the call that an action server gets, and its reply.

import type { ActionCall, ActionReply, ActionResponse } from '../action-call.ts'
import type { DomainJson } from '../domain-json.ts'
import type { JsonValue } from '../json.ts'
import { createDoor } from './door.ts'
import { tooLarge } from './guard.ts'
import { PARSE_LIMITS } from './limits.ts'
import { parseBotMessage } from './parse-message.ts'
import { parseEvent } from './parse-event.ts'
import { parseTrackerState } from './parse-tracker-state.ts'
import { ACTION_CALL, ACTION_REPLY } from './schemas.ts'

const actionReply = createDoor("The action server's reply", ACTION_REPLY, PARSE_LIMITS.conversation)
const actionCall = createDoor('The action call', ACTION_CALL, PARSE_LIMITS.conversation)

/** A reply with both its lists, empty where they were left out. Throws CodedError where Rasa would fail the action. */
export function parseActionReply(value: unknown): ActionReply {
  const reply = actionReply(value)
  const events = readList(reply['events'])
  if (events.length > PARSE_LIMITS.actionEvents) {
    throw tooLarge(
      "The action server's reply",
      `${events.length} events, more than ${PARSE_LIMITS.actionEvents}`,
    )
  }
  return {
    // Items without a key `event` cannot be meant as events; Rasa refuses them too.
    events: events.map((event, index) => parseEvent(event, `/events/${index}`)),
    responses: readList(reply['responses']).map(response => parseBotMessage(response) as ActionResponse),
  }
}

/** A call; `next_action` is empty where it was left out, `tracker` an empty conversation. */
export function parseActionCall(value: unknown): ActionCall {
  const call = actionCall(value)
  const sender_id =
    call['sender_id'] === null || call['sender_id'] === undefined ? 'default' : asText(call['sender_id'])
  const domain = call['domain']
  return {
    next_action: typeof call['next_action'] === 'string' ? call['next_action'] : '',
    sender_id,
    tracker: parseTrackerState(call['tracker'] ?? { sender_id }),
    // The door has checked that it is an object with the keys of a domain.
    ...(domain === null || domain === undefined ? {} : { domain: domain as DomainJson }),
    version: typeof call['version'] === 'string' ? call['version'] : '',
  }
}

function readList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
