// Asks the user to say it in other words: utter_ask_rephrase where there is one.

import type { Action } from './action.ts'
import { utter } from './bot-response.ts'

export const actionDefaultAskRephrase: Action = {
  name: 'action_default_ask_rephrase',
  mayReject: false,
  *run(scene) {
    return yield* utter(scene, 'utter_ask_rephrase', { isOptional: true })
  },
}
