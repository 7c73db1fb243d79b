// All that the server asks of the dialogue, in one contract: main.ts gives it @tabula/dialogue, tests give it a double.

import type { Domain, Effectful, Tracker, TurnContext } from '@tabula/dialogue'
import type {
  JsonValue,
  LoggedEvent,
  ParseData,
  ReminderScheduled,
  TrackerEvent,
  UserMessage,
} from '@tabula/protocol'

/** What the policies would do next; probabilities stand in the domain's order of actions. */
export interface NextPrediction {
  readonly probabilities: ArrayLike<number>
  readonly policy: string | null
  readonly confidence: number
}

/** Each generator changes the tracker as it goes; what it returns may hold a turn's `why`. */
export interface DialogueEngine {
  fold(sender: string, domain: Domain, events: Iterable<LoggedEvent>): Tracker
  /** The same conversation as it stands before it was ever saved and loaded. */
  unsaved(tracker: Tracker): Tracker
  handleMessage(
    context: TurnContext,
    tracker: Tracker,
    message: UserMessage,
    parseData: ParseData,
  ): Effectful<unknown>
  /** Starts a session in a conversation without events; does nothing in any other. */
  startSession(context: TurnContext, tracker: Tracker): Effectful<unknown>
  /** Starts a session where none has started, or where the last one has expired. */
  updateSession(context: TurnContext, tracker: Tracker): Effectful<unknown>
  triggerIntent(
    context: TurnContext,
    tracker: Tracker,
    intent: { readonly name: string; readonly entities: JsonValue },
  ): Effectful<unknown>
  executeAction(
    context: TurnContext,
    tracker: Tracker,
    action: { readonly name: string; readonly policy: string | null; readonly confidence: number },
  ): Effectful<unknown>
  appendEvents(
    context: TurnContext,
    tracker: Tracker,
    events: readonly TrackerEvent[],
    options: { readonly executeSideEffects: boolean },
  ): Effectful<unknown>
  logMessage(
    context: TurnContext,
    tracker: Tracker,
    message: UserMessage,
    parseData: ParseData,
  ): Effectful<unknown>
  /** `key` names this waking of the reminder: fired again under it, it does nothing. */
  fireReminder(
    context: TurnContext,
    tracker: Tracker,
    reminder: ReminderScheduled,
    key: string,
  ): Effectful<unknown>
  /** null for a model without dialogue. */
  predictNext(context: TurnContext, tracker: Tracker): NextPrediction | null
  /** The conversation as test stories; with `allSessions` each session is a story of its own. */
  writeStory(tracker: Tracker, options: { readonly until?: number; readonly allSessions: boolean }): string
}
