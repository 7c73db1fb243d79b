// What events mean outside the conversation: messages are sent, reminders set and dropped.

import type { TrackerEvent } from '@tabula/protocol'
import { messageOf } from '../actions/bot-utterance.ts'
import type { Effectful } from './effects.ts'

/** All messages first, then the reminders that are set, then those that are dropped. */
export function* performSideEffects(events: readonly TrackerEvent[]): Effectful<void> {
  yield* sendBotMessages(events)
  for (const event of events) {
    if (event.event === 'reminder') yield { kind: 'schedule_reminder', reminder: event }
  }
  for (const event of events) {
    if (event.event === 'cancel_reminder') yield { kind: 'cancel_reminder', cancel: event }
  }
}

export function* sendBotMessages(events: readonly TrackerEvent[]): Effectful<void> {
  for (const event of events) {
    if (event.event === 'bot') yield { kind: 'send', message: messageOf(event) }
  }
}
