// For tests of history: events as a conversation makes them.

import type { JsonValue, LoggedEvent } from '@tabula/protocol'
import type { LogEntry } from '../src/tracker-store/event-log.ts'

const METADATA = { model_id: 'model-1' }

export function userSays(
  time: number,
  text: string,
  intent = 'greet',
  confidence = 0.9,
  channel = 'rest',
): LoggedEvent {
  const parse_data = { intent: { name: intent, confidence }, entities: [], text }
  return {
    event: 'user',
    timestamp: time,
    metadata: METADATA,
    text,
    parse_data,
    input_channel: channel,
    message_id: `m${time}`,
  }
}

export function botSays(time: number, text: string, metadata: Record<string, JsonValue> = {}): LoggedEvent {
  return { event: 'bot', timestamp: time, metadata: { ...METADATA, ...metadata }, text, data: {} }
}

export function acts(time: number, name: string): LoggedEvent {
  return {
    event: 'action',
    timestamp: time,
    metadata: METADATA,
    name,
    policy: null,
    confidence: null,
    action_text: null,
    hide_rule_turn: false,
  }
}

/** Entries of an event log, numbered from `first`. */
export function logged(sender: string, events: readonly LoggedEvent[], first = 1): readonly LogEntry[] {
  return events.map((event, index) => ({ id: String(first + index), sender, event }))
}
