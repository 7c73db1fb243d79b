// A name that old projects may still use. It belonged to TwoStageFallbackPolicy, which Rasa 3 has not: there it fails, here
// it does nothing, and the events are the same.

import type { Action } from './action.ts'

export const actionRevertFallbackEvents: Action = {
  name: 'action_revert_fallback_events',
  mayReject: false,
  *run() {
    return []
  },
}
