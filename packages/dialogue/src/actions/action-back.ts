// Takes back two messages of the user: /back itself and the one before.

import type { Action } from './action.ts'
import { utter } from './bot-response.ts'

export const actionBack: Action = {
  name: 'action_back',
  mayReject: false,
  *run(scene) {
    const said = yield* utter(scene, 'utter_back', { isOptional: true })
    return [...said, { event: 'rewind' }, { event: 'rewind' }]
  },
}
