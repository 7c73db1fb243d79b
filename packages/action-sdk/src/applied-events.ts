// Which of a conversation's events still count, as rasa-sdk works it out.

import type { TrackerEvent } from '@tabula/protocol'

/** The events since the last restart without those that an undo or a rewind took back. */
export function appliedEvents(events: readonly TrackerEvent[]): TrackerEvent[] {
  const applied: TrackerEvent[] = []
  for (const event of events) {
    switch (event.event) {
      case 'restart':
        applied.length = 0
        break
      case 'undo':
        dropThrough('action', applied)
        break
      case 'rewind':
        // Before a user's message stands the action_listen that waited for it.
        dropThrough('user', applied)
        dropThrough('action', applied)
        break
      default:
        applied.push(event)
    }
  }
  return applied
}

function dropThrough(kind: TrackerEvent['event'], events: TrackerEvent[]): void {
  while (events.length > 0) {
    if (events.pop()?.event === kind) return
  }
}
