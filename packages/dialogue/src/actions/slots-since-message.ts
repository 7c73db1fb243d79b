// What was filled since the user last spoke.

import type { SlotSet, UserUttered } from '@tabula/protocol'
import type { Tracker } from '../tracker/tracker.ts'

/** Slot events after the latest message, oldest first; after a restart only those after it. */
export function slotsSinceLatestMessage({ events, latestMessage }: Tracker): readonly SlotSet[] {
  const start = events.findLastIndex(
    event => event.event === 'restart' || (event.event === 'user' && isSame(event, latestMessage)),
  )
  return events.slice(Math.max(start, 0)).filter(event => event.event === 'slot')
}

/** Two messages are one for Rasa where text and intent agree, whenever they were said. */
function isSame(message: UserUttered, latest: UserUttered | null): boolean {
  return (
    latest !== null &&
    message.text === latest.text &&
    message.parse_data.intent.name === latest.parse_data.intent.name
  )
}
