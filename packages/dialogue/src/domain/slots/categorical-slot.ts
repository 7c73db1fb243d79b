// categorical: one feature a value, compared without regard to case; every other value counts as `__other__`.

import type { JsonValue } from '@tabula/protocol'
import type { SlotTypeFactory } from './slot.ts'

const OTHER = '__other__'

export const categoricalSlot: SlotTypeFactory = (_name, json) => {
  const listed = (json.values ?? [])
    .filter(value => value !== null)
    .map(value => pythonText(value).toLowerCase())
  const values = listed.includes(OTHER) ? listed : [...listed, OTHER]
  return {
    featureCount: values.length,
    features: value => {
      if (value === null) return values.map(() => 0)
      const found = values.indexOf(pythonText(value).toLowerCase())
      const hot = found === -1 ? values.indexOf(OTHER) : found
      return values.map((_each, index) => (index === hot ? 1 : 0))
    },
  }
}

/** A value as Python's str() writes it, as far as case does not matter. */
function pythonText(value: JsonValue): string {
  return typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value)
}
