// A tracker's JSON from outside: an action call, an import, another server's answer.

import type { DomainJson } from '../domain-json.ts'
import type { JsonObject } from '../json.ts'
import type { ParseData } from '../parse-data.ts'
import type { TrackerState } from '../tracker-state.ts'
import { createDoor } from './door.ts'
import { PARSE_LIMITS } from './limits.ts'
import { DOMAIN, TRACKER_STATE } from './schemas.ts'

const trackerState = createDoor('The tracker', TRACKER_STATE, PARSE_LIMITS.conversation)
const domainJson = createDoor('The domain', DOMAIN, PARSE_LIMITS.conversation)

const FRESH_MESSAGE: ParseData = { intent: {}, entities: [], text: null, message_id: null, metadata: {} }

/**
 * A state with all its keys, those of a fresh tracker where they were left out. Its events are checked for a name and a
 * time only: they come from a tracker, and there may be thousands. parseEvents checks them one by one.
 */
export function parseTrackerState(value: unknown): TrackerState {
  const state = trackerState(value)
  const { sender_id } = state
  return {
    latest_event_time: null,
    followup_action: null,
    paused: false,
    events: null,
    latest_input_channel: null,
    latest_action_name: null,
    ...withoutNull(state, ['slots', 'latest_message', 'active_loop', 'latest_action']),
    sender_id: typeof sender_id === 'string' ? sender_id : JSON.stringify(sender_id),
  }
}

/** A domain with the right kind of value under each of its keys; what they hold is the domain reader's matter. */
export function parseDomainJson(value: unknown): DomainJson {
  return domainJson(value)
}

function withoutNull(state: JsonObject, keys: readonly string[]) {
  const given = Object.fromEntries(
    Object.entries(state).filter(([key, item]) => item !== null || !keys.includes(key)),
  )
  return { slots: {}, latest_message: FRESH_MESSAGE, active_loop: {}, latest_action: {}, ...given }
}
