// float: [1, place between min_value and max_value]. Text that is a number counts as that number.

import { CodedError, type JsonValue, numberIn } from '@tabula/protocol'
import type { SlotTypeFactory } from './slot.ts'

export const floatSlot: SlotTypeFactory = (name, json) => {
  const min = json.min_value ?? 0
  const max = json.max_value ?? 1
  if (min >= max)
    throw new CodedError(
      'domain.slot-range',
      `The float slot '${name}' has min_value ${min} and max_value ${max}; min_value must be below max_value.`,
      { status: 400 },
    )
  return {
    featureCount: 2,
    features: value => {
      const number = numberOf(value)
      return number === null ? [0, 0] : [1, (Math.max(min, Math.min(max, number)) - min) / (max - min)]
    },
  }
}

function numberOf(value: JsonValue): number | null {
  const number = numberIn(value)
  if (number !== null) return number
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || !/^\s*[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value))
    return null
  return Number(value.replaceAll('_', ''))
}
