// Nothing fits: utter_default where there is one, and the user's message is taken back.

import type { Action } from './action.ts'
import { utter } from './bot-response.ts'

export const actionDefaultFallback: Action = {
  name: 'action_default_fallback',
  mayReject: false,
  *run(scene) {
    return [...(yield* utter(scene, 'utter_default', { isOptional: true })), { event: 'rewind' }]
  },
}
