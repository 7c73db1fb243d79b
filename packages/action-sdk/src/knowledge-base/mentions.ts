// Which object and which attributes the user means, out of the slots that knowledge-base actions share with rasa-sdk's.

import type { JsonValue } from '@tabula/protocol'
import type { ActionEvent } from '../events.ts'
import { slotSet } from '../events.ts'
import type { Tracker } from '../tracker.ts'
import type { AttributeFilter, OrdinalMention } from './knowledge-base.ts'

export const SLOTS = {
  /** Filled by entities of these names. */
  objectType: 'object_type',
  attribute: 'attribute',
  mention: 'mention',
  /** Rasa adds these to a domain that lists action_query_knowledge_base. */
  listedObjects: 'knowledge_base_listed_objects',
  lastObject: 'knowledge_base_last_object',
  lastObjectType: 'knowledge_base_last_object_type',
} as const

/** The key or name of the object that the message is about; null where it names none. */
export function findObjectName(
  tracker: Tracker,
  ordinalMentions: Readonly<Record<string, OrdinalMention>>,
  usesLastObject: boolean,
): JsonValue {
  if (isGiven(tracker.getSlot(SLOTS.mention))) return resolveMention(tracker, ordinalMentions)
  // "PastaBar" fills the slot that has the object type's name.
  const named = tracker.getSlot(textOf(tracker.getSlot(SLOTS.objectType)) ?? '')
  if (isGiven(named)) return named
  return usesLastObject ? tracker.getSlot(SLOTS.lastObject) : null
}

/** "The second one" is an object of the last list; any other mention, such as "it", the last object that was spoken of. */
function resolveMention(
  tracker: Tracker,
  ordinalMentions: Readonly<Record<string, OrdinalMention>>,
): JsonValue {
  const mention = textOf(tracker.getSlot(SLOTS.mention)) ?? ''
  const listed = tracker.getSlot(SLOTS.listedObjects)
  if (Array.isArray(listed) && listed.length > 0 && Object.hasOwn(ordinalMentions, mention)) {
    return ordinalMentions[mention]?.(listed as readonly JsonValue[]) ?? null
  }
  return isGiven(tracker.getSlot(SLOTS.lastObjectType)) ? tracker.getSlot(SLOTS.lastObject) : null
}

/** The attributes whose slots are set: what the objects shall have. */
export function givenAttributes(tracker: Tracker, attributes: readonly string[]): AttributeFilter[] {
  return attributes
    .map(name => ({ name, value: tracker.getSlot(name) }))
    .filter(({ value }) => value !== null)
}

/** Empties those slots, so that the next question is not held to them. */
export function resetAttributes(tracker: Tracker, attributes: readonly string[]): ActionEvent[] {
  return givenAttributes(tracker, attributes).map(({ name }) => slotSet(name, null))
}

/** The first entity of the message that is named like a type of object. */
export function objectTypeInMessage(tracker: Tracker, objectTypes: readonly string[]): string | null {
  return (
    tracker.latestMessage.entities.map(({ entity }) => entity).find(name => objectTypes.includes(name)) ??
    null
  )
}

/** Empty text, 0 and false count as nothing, as in Python. */
export function isGiven(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

export function textOf(value: JsonValue): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}
