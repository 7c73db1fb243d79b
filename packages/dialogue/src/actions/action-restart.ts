// Forgets the conversation: utter_restart where there is one, then the restart.

import type { Action } from './action.ts'
import { utter } from './bot-response.ts'

export const actionRestart: Action = {
  name: 'action_restart',
  mayReject: false,
  *run(scene) {
    return [...(yield* utter(scene, 'utter_restart', { isOptional: true })), { event: 'restart' }]
  },
}
