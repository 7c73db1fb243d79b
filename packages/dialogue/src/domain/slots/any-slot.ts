// any: takes every value and gives no features, so it never influences the conversation.

import { CodedError } from '@tabula/protocol'
import type { SlotTypeFactory } from './slot.ts'

export const anySlot: SlotTypeFactory = (name, json) => {
  if (json.influence_conversation === true)
    throw new CodedError(
      'domain.any-slot-influences',
      `The slot '${name}' has type any and influence_conversation true; an any slot cannot influence the conversation. Use another type, or set it to false.`,
      { status: 400 },
    )
  return { featureCount: 0, features: () => [] }
}
