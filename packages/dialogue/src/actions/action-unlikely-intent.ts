// Marks that the intent was not to be expected here; it changes nothing by itself.

import type { Action } from './action.ts'

export const actionUnlikelyIntent: Action = {
  name: 'action_unlikely_intent',
  mayReject: false,
  *run() {
    return []
  },
}
