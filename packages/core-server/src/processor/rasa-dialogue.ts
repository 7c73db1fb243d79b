// The dialogue that the server runs on: @tabula/dialogue under the server's contract.

import {
  appendEvents,
  executeAction,
  fireReminder,
  handleMessage,
  logMessage,
  predictNext,
  startSession,
  Tracker,
  triggerIntent,
  updateSession,
  writeStory,
} from '@tabula/dialogue'
import type { DialogueEngine } from './dialogue-engine.ts'

export const dialogueEngine: DialogueEngine = {
  fold: (sender, domain, events) => Tracker.fromEvents(sender, domain, events),
  unsaved({ senderId, domain, events }) {
    const tracker = new Tracker(senderId, domain)
    for (const event of events) tracker.apply(event)
    return tracker
  },
  appendEvents,
  executeAction,
  fireReminder,
  handleMessage,
  logMessage,
  predictNext,
  startSession,
  triggerIntent,
  updateSession,
  writeStory,
}
