// For tests: a call as the assistant makes it, with what a test wants different.

import type { ActionCall, DomainJson, TrackerState } from '@tabula/protocol'

export function trackerState(changes: Partial<TrackerState> = {}): TrackerState {
  return {
    sender_id: 'ann',
    slots: {},
    latest_message: { intent: {}, entities: [], text: null, message_id: null, metadata: {} },
    latest_event_time: null,
    followup_action: null,
    paused: false,
    events: [],
    latest_input_channel: null,
    active_loop: {},
    latest_action: {},
    latest_action_name: null,
    ...changes,
  }
}

export function actionCall(
  next_action: string,
  tracker: Partial<TrackerState> = {},
  domain?: DomainJson,
): ActionCall {
  return {
    next_action,
    sender_id: 'ann',
    tracker: trackerState(tracker),
    version: '3.6.21',
    ...(domain === undefined ? {} : { domain }),
  }
}
