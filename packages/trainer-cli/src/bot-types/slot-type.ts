// What may stand in a slot, as a TypeScript type. Rasa holds no value to the slot's type, so what its mappings let in counts too.

import type { JsonValue, SlotJson, SlotMapping } from '@tabula/protocol'
import { quoted } from './quoted.ts'

const ANY = 'JsonValue'

/** The type of a slot that is set, such as `'low' | 'high'` or `number | string`; null is not in it. */
export function slotType(slot: SlotJson): string {
  // Actions set it to what its type says.
  const types = new Set(ownTypes(slot))
  for (const mapping of Array.isArray(slot.mappings) ? slot.mappings : []) {
    for (const type of mappedTypes(mapping as SlotMapping, slot)) types.add(type)
  }
  if (types.has(ANY)) return ANY
  // A text takes in all the texts that are listed.
  const isText = types.has('string')
  return [...types].filter(type => !isText || !type.startsWith("'")).join(' | ')
}

function ownTypes(slot: SlotJson): readonly string[] {
  switch (slot.type) {
    case 'text':
      return ['string']
    case 'bool':
      return ['boolean']
    case 'float':
      return ['number']
    case 'list':
      return ['readonly JsonValue[]']
    case 'categorical':
      return slot.values === undefined || slot.values.length === 0 ? [ANY] : slot.values.map(literal)
    default:
      return [ANY]
  }
}

/** What the mapping brings besides. */
function mappedTypes(mapping: SlotMapping, { type }: SlotJson): readonly string[] {
  switch (mapping.type) {
    case 'from_text':
    case 'from_entity':
      // The text as it was said, also for a number or a listed value; a list is made of it.
      return type === 'list' ? [] : ['string']
    case 'from_intent':
    case 'from_trigger_intent':
      return [type === 'categorical' ? literal(mapping.value) : wide(mapping.value)]
    default:
      return []
  }
}

function literal(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ANY
}

function wide(value: JsonValue): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? typeof value : ANY
}
