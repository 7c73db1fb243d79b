// Waits for the user: the end of a turn.

import type { ActionExecuted } from '@tabula/protocol'
import type { Action } from './action.ts'

export const actionListen: Action = {
  name: 'action_listen',
  mayReject: false,
  *run() {
    return []
  },
}

/** The event of waiting for the user without a policy that chose it. */
export const LISTENED: ActionExecuted = {
  event: 'action',
  name: actionListen.name,
  policy: null,
  confidence: null,
  action_text: null,
  hide_rule_turn: false,
}
