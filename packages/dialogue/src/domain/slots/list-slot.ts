// list: one feature, 1 for a list that is not empty. A single value that is set becomes a list of one.

import { type JsonValue, numberIn } from '@tabula/protocol'
import type { SlotTypeFactory } from './slot.ts'

export const listSlot: SlotTypeFactory = () => ({
  featureCount: 1,
  features: value => [(Array.isArray(value) || typeof value === 'string') && value.length > 0 ? 1 : 0],
  stored: value => (Array.isArray(value) || isEmpty(value) ? value : [value]),
})

/** Python's idea of a value that counts as nothing. */
function isEmpty(value: JsonValue): boolean {
  if (numberIn(value) !== null) return numberIn(value) === 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === null || value === false || value === ''
}
