// bool: [1, value]. "1" is true and 2 is false; "yes" is no truth value and gives no features.

import { type JsonValue, numberIn } from '@tabula/protocol'
import type { SlotTypeFactory } from './slot.ts'

export const boolSlot: SlotTypeFactory = () => ({
  featureCount: 2,
  features: value => {
    const truth = truthOf(value)
    return truth === null ? [0, 0] : [1, truth ? 1 : 0]
  },
})

function truthOf(value: JsonValue): boolean | null {
  if (typeof value === 'boolean') return value
  const number = numberIn(value)
  if (number !== null) return number === 1
  if (typeof value !== 'string') return null
  if (/^\p{N}+$/u.test(value)) return Number(value) === 1
  const word = value.trim().toLowerCase()
  return word === 'true' ? true : word === 'false' ? false : null
}
