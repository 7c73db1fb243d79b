// Whether a slot mapping applies to the latest message, and the value that it takes from it.

import type { FromEntityMapping, JsonValue, MappingCondition, SlotMapping } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import { REQUESTED_SLOT } from '../domain/default-names.ts'
import type { Tracker } from '../tracker/tracker.ts'

/** Whether the mapping of this slot may fill it now: its names exist, intent and conditions fit, its entity is not ambiguous. */
export function isMappingDesired(mapping: SlotMapping, slot: string, tracker: Tracker): boolean {
  return (
    isMappingValid(mapping, tracker.domain) &&
    isIntentDesired(mapping, tracker) &&
    areConditionsMet(mapping, slot, tracker) &&
    !isAmbiguousInForm(mapping, slot, tracker)
  )
}

/** The values that the message has for the mapping: none where it has nothing, and for custom mappings. */
export function valuesOf(mapping: SlotMapping, tracker: Tracker): readonly JsonValue[] {
  switch (mapping.type) {
    case 'from_entity':
      return entityValues(mapping, tracker)
    case 'from_intent':
      return [mapping.value]
    case 'from_trigger_intent':
      return isTriggerLoopActive(mapping, tracker) ? [mapping.value] : []
    case 'from_text':
      return [tracker.latestMessage?.text ?? null]
    case 'custom':
      return []
  }
}

function isMappingValid(mapping: SlotMapping, domain: Domain): boolean {
  if (mapping.type === 'from_entity') return domain.entities.has(mapping.entity)
  if (mapping.type !== 'from_intent') return true
  return listOf(mapping.intent).every(intent => intent === '' || domain.intents.has(intent))
}

function isIntentDesired(mapping: SlotMapping, tracker: Tracker): boolean {
  const intent = tracker.latestMessage?.parse_data.intent.name ?? null
  const wanted = listOf(mapping.intent)
  if (wanted.length > 0) return intent !== null && wanted.includes(intent)
  const refused = [...listOf(mapping.not_intent), ...ignoredByLoop(mapping, tracker)]
  return intent === null || !refused.includes(intent)
}

/** Intents that the active form ignores; a mapping whose conditions are all about other loops does not heed them. */
function ignoredByLoop({ conditions = [] }: SlotMapping, { activeLoop, domain }: Tracker): readonly string[] {
  if (activeLoop === null) return []
  const isMeant = conditions.length === 0 || conditions.some(at => at.active_loop === activeLoop.name)
  return isMeant ? (domain.forms.get(activeLoop.name)?.ignoredIntents ?? []) : []
}

function areConditionsMet({ type, conditions = [] }: SlotMapping, slot: string, tracker: Tracker): boolean {
  // A trigger's conditions say in which form it fills, which valuesOf looks at.
  if (conditions.length === 0 || type === 'from_trigger_intent') return true
  const requested = tracker.slot(REQUESTED_SLOT)
  if (tracker.activeLoop?.rejected === true && requested === slot) return false
  return conditions.some(condition => isConditionMet(condition, tracker.activeLoop?.name ?? null, requested))
}

function isConditionMet(
  { active_loop: loop, requested_slot: slot }: MappingCondition,
  active: string | null,
  requested: JsonValue,
): boolean {
  if (loop === null || loop === undefined) return active === null
  if (loop === '' || loop !== active) return false
  return slot === undefined || slot === '' || slot === requested
}

/** In a form, an entity that several required slots take alike fills the requested one only. */
function isAmbiguousInForm(mapping: SlotMapping, slot: string, tracker: Tracker): boolean {
  if (mapping.type !== 'from_entity' || tracker.activeLoop === null) return false
  if (tracker.slot(REQUESTED_SLOT) === slot) return false
  const required = tracker.domain.forms.get(tracker.activeLoop.name)?.requiredSlots ?? []
  if (!required.includes(slot)) return false
  const wanted = canonical(mapping)
  const alike = required
    .flatMap(name => tracker.domain.slots.get(name)?.mappings ?? [])
    .filter(other => canonical(other) === wanted)
  return alike.length > 1
}

const texts = new WeakMap<SlotMapping, string>()

/** A mapping as text that does not depend on the order of its keys; it is made once. */
function canonical(mapping: SlotMapping): string {
  const known = texts.get(mapping)
  if (known !== undefined) return known
  const text = JSON.stringify(mapping, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  )
  texts.set(mapping, text)
  return text
}

function isTriggerLoopActive({ conditions = [] }: SlotMapping, { activeLoop }: Tracker): boolean {
  if (activeLoop === null) return false
  return conditions.length === 0 || conditions.some(condition => condition.active_loop === activeLoop.name)
}

function entityValues({ entity, role, group }: FromEntityMapping, tracker: Tracker): readonly JsonValue[] {
  const entities = tracker.latestMessage?.parse_data.entities ?? []
  return entities
    .filter(
      found =>
        found.entity === entity &&
        (found.role ?? null) === (role ?? null) &&
        (found.group ?? null) === (group ?? null),
    )
    .map(found => found.value)
}

function listOf(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === null || value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
