// Begins a session: the slots that were set in the one before are set again where the domain carries them over.

import type { SlotSet } from '@tabula/protocol'
import { LISTENED } from './action-listen.ts'
import type { Action } from './action.ts'

export const actionSessionStart: Action = {
  name: 'action_session_start',
  mayReject: false,
  *run({ context, tracker }) {
    const carried = context.domain.sessionConfig.carryOverSlots
      ? tracker.appliedEvents().filter(event => event.event === 'slot')
      : []
    return [{ event: 'session_started' }, ...carried.map(withoutTime), LISTENED]
  },
}

function withoutTime({ name, value, metadata }: SlotSet): SlotSet {
  return { event: 'slot', name, value, ...(metadata === undefined ? {} : { metadata }) }
}
