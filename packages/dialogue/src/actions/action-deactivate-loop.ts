// Ends the active loop, whatever it still wanted to ask.

import type { Action } from './action.ts'

export const actionDeactivateLoop: Action = {
  name: 'action_deactivate_loop',
  mayReject: false,
  *run() {
    return [
      { event: 'active_loop', name: null },
      { event: 'slot', name: 'requested_slot', value: null },
    ]
  },
}
