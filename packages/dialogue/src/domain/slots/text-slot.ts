// text: one feature, 1 for every value but null, also for "".

import type { SlotTypeFactory } from './slot.ts'

export const textSlot: SlotTypeFactory = () => ({
  featureCount: 1,
  features: value => [value === null ? 0 : 1],
})
