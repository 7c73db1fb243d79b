// Markers: conditions over the events of a session, and operators over them, as Rasa evaluates them event by event.

import type { LoggedEvent } from '@tabula/protocol'

export type MarkerConfig =
  | { readonly kind: 'condition'; readonly tag: ConditionTag; readonly text: string }
  | { readonly kind: 'operator'; readonly tag: OperatorTag; readonly markers: readonly MarkerConfig[] }

export const CONDITION_TAGS = [
  'action',
  'not_action',
  'intent',
  'not_intent',
  'slot_was_set',
  'slot_was_not_set',
] as const
export const OPERATOR_TAGS = [
  'and',
  'at_least_one_not',
  'or',
  'not',
  'seq',
  'at_least_once',
  'never',
] as const
export type ConditionTag = (typeof CONDITION_TAGS)[number]
export type OperatorTag = (typeof OPERATOR_TAGS)[number]

/** Where a marker applied: the place of the event in the conversation, and how many user messages came before it. */
export interface MarkerHit {
  readonly eventIndex: number
  readonly userTurnsBefore: number
}

/** Says of each event in turn whether the marker applies at it. */
type Track = (event: LoggedEvent) => boolean

/** The places where the marker applies in a session whose first event has the index. */
export function evaluateMarker(
  config: MarkerConfig,
  session: readonly LoggedEvent[],
  firstIndex: number,
): MarkerHit[] {
  const track = tracking(config)
  const hits: MarkerHit[] = []
  let userTurnsBefore = 0
  session.forEach((event, index) => {
    if (track(event)) hits.push({ eventIndex: firstIndex + index, userTurnsBefore })
    if (event.event === 'user') userTurnsBefore += 1
  })
  const isOnce = config.kind === 'operator' && (config.tag === 'at_least_once' || config.tag === 'never')
  return isOnce ? hits.slice(0, 1) : hits
}

/** The conversation's sessions with the index of their first events. */
export function sessionsOf(
  events: readonly LoggedEvent[],
): { readonly events: readonly LoggedEvent[]; readonly start: number }[] {
  const starts = events.flatMap((event, index) =>
    event.event === 'action' && event.name === 'action_session_start' ? [index] : [],
  )
  if (starts.length === 0) return [{ events, start: 0 }]
  return starts.map((start, number) => ({ events: events.slice(start, starts[number + 1]), start }))
}

function tracking(config: MarkerConfig): Track {
  if (config.kind === 'condition') return trackCondition(config.tag, config.text)
  const subs = config.markers.map(tracking)
  const all = (event: LoggedEvent): boolean[] => subs.map(track => track(event))
  switch (config.tag) {
    case 'and':
      return event => all(event).every(Boolean)
    case 'at_least_one_not':
      return event => !all(event).every(Boolean)
    case 'or':
      return event => all(event).some(Boolean)
    case 'not':
      return event => !(all(event)[0] ?? false)
    case 'seq':
      return trackSequence(subs)
    case 'at_least_once':
      return trackOnce(subs)
    case 'never': {
      const once = trackOnce(subs)
      return event => !once(event)
    }
  }
}

function trackSequence(subs: readonly Track[]): Track {
  let progress = 0
  return event => {
    const applied = subs.map(track => track(event))
    if (applied[progress] === true) progress += 1
    if (progress < subs.length) return false
    progress = 0
    return true
  }
}

function trackOnce(subs: readonly Track[]): Track {
  let hasOccurred = false
  return event => {
    const applies = subs.map(track => track(event))[0] === true
    hasOccurred ||= applies
    return hasOccurred
  }
}

function trackCondition(tag: ConditionTag, text: string): Track {
  switch (tag) {
    case 'action':
      return event => event.event === 'action' && event.name === text
    case 'not_action':
      return event => !(event.event === 'action' && event.name === text)
    case 'intent':
      return event => hasIntent(event, text)
    case 'not_intent':
      return event => !hasIntent(event, text)
    case 'slot_was_set':
      return trackSlot(text)
    case 'slot_was_not_set': {
      const isSet = trackSlot(text)
      return event => !isSet(event)
    }
  }
}

function hasIntent(event: LoggedEvent, text: string): boolean {
  if (event.event !== 'user') return false
  const { name, full_retrieval_intent_name: full } = event.parse_data.intent
  return name === text || full === text
}

function trackSlot(name: string): Track {
  let isSet = false
  return event => {
    if (event.event === 'slot' && event.name === name) isSet = event.value !== null
    return isSet
  }
}
