// A conversation: its events, and what they add up to. Applying an event is the only way to change it.

import type {
  ActiveLoopState,
  EventVerbosity,
  JsonValue,
  LoggedEvent,
  TrackerState,
  UserUttered,
} from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import type { State } from './state.ts'

export declare class Tracker {
  constructor(senderId: string, domain: Domain)
  /** The tracker that these events add up to, as if they had been applied one by one. */
  static fromEvents(senderId: string, domain: Domain, events: Iterable<LoggedEvent>): Tracker
  readonly senderId: string
  readonly domain: Domain
  /** All events, oldest first; appended to, never rewritten. */
  readonly events: readonly LoggedEvent[]
  /** Appends the event and folds it in. */
  apply(event: LoggedEvent): void
  /** Events that count now (Rasa's applied_events): after restart or session start, without undone turns, loops folded. */
  appliedEvents(): readonly LoggedEvent[]
  slot(name: string): JsonValue
  readonly slots: ReadonlyMap<string, JsonValue>
  readonly latestMessage: UserUttered | null
  /** Name (or end-to-end text) of the latest action, null at the beginning. */
  readonly latestActionName: string | null
  readonly latestInputChannel: string | null
  readonly followupAction: string | null
  readonly paused: boolean
  readonly activeLoop: ActiveLoopState | null
  /** Rasa's past states over the applied events plus the one now: what policies compare; the last one is the current state. */
  states(): readonly State[]
  /** Rasa's JSON of the tracker; `until` (seconds, inclusive) leaves out later events. */
  toState(verbosity: EventVerbosity, until?: number): TrackerState
}
