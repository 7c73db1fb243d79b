// A conversation: its events, and what they add up to. Applying an event is the only way to change it.

import type {
  ActiveLoopState,
  EventVerbosity,
  JsonValue,
  LoggedEvent,
  ParseData,
  TrackerState,
  UserUttered,
} from '@tabula/protocol'
import { ACTION_SESSION_START } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import { AppliedLog } from './applied-log.ts'
import { EMPTY_PARSE_DATA, type Fold, foldEvent, initialFold } from './fold.ts'
import { type StateOptions, StateHistory } from './state-history.ts'
import type { State } from './state.ts'

export class Tracker {
  readonly senderId: string
  readonly domain: Domain
  readonly #events: LoggedEvent[] = []
  readonly #applied: AppliedLog
  readonly #histories = new Map<StateOptions, StateHistory>()
  #fold: Fold
  #afterRestart = 0
  /** Places of the latest user message and of the latest action_session_start; -1 where there is none. */
  #latestUser = -1
  #latestSession = -1
  #loadedFrom = 0
  #latestBotText: string | null = null

  constructor(senderId: string, domain: Domain) {
    this.senderId = senderId
    this.domain = domain
    this.#applied = new AppliedLog(domain)
    this.#fold = initialFold(domain)
  }

  /** The tracker that these events add up to: applied one by one, then settled. */
  static fromEvents(senderId: string, domain: Domain, events: Iterable<LoggedEvent>): Tracker {
    const tracker = new Tracker(senderId, domain)
    for (const event of events) tracker.apply(event)
    tracker.settle()
    return tracker
  }

  /**
   * What `body` finds where these events have happened as well; afterwards they have not. Costs what the events cost, however
   * long the conversation is. The body must not add events of its own.
   */
  *imagining<Yielded, Sent, Result>(
    events: readonly LoggedEvent[],
    body: () => Generator<Yielded, Result, Sent>,
  ): Generator<Yielded, Result, Sent> {
    const { length } = this.#events
    const applied = this.#applied.mark()
    const kept = [
      this.#fold,
      this.#afterRestart,
      this.#latestUser,
      this.#latestSession,
      this.#latestBotText,
    ] as const
    try {
      for (const event of events) this.apply(event)
      return yield* body()
    } finally {
      this.#applied.retract(applied)
      this.#events.length = length
      ;[this.#fold, this.#afterRestart, this.#latestUser, this.#latestSession, this.#latestBotText] = kept
    }
  }

  /** Appends the event and folds it in. */
  apply(event: LoggedEvent): void {
    this.#events.push(event)
    const isAlike = this.#applied.fold === this.#fold
    const isAppended = this.#applied.push(event, this.#events)
    this.#fold =
      event.event === 'rewind' || event.event === 'undo' || (isAlike && isAppended)
        ? this.#applied.fold // For rewind and undo Rasa resets the tracker and replays what is left.
        : foldEvent(this.#fold, event, this.domain)
    if (event.event === 'user') this.#latestUser = this.#events.length - 1
    if (event.event === 'action' && event.name === ACTION_SESSION_START)
      this.#latestSession = this.#events.length - 1
    if (event.event === 'bot') this.#latestBotText = event.text
    if (event.event === 'restart') this.#afterRestart = this.#events.length
  }

  /**
   * Makes the tracker what it is after being saved and loaded: what its applied events add up to. Rasa does so before
   * every turn, which shows after a loop's happy path: the latest message is then the one that started the loop. Rasa
   * loads the last session alone: what turns see and send on begins with its action_session_start.
   */
  settle(): void {
    this.#fold = this.#applied.fold
    this.#loadedFrom = Math.max(0, this.#latestSession)
  }

  /** All events, oldest first; appended to, never rewritten. */
  get events(): readonly LoggedEvent[] {
    return this.#events
  }

  /** Events that count now (Rasa's applied_events): after restart or session start, without undone turns, loops folded. */
  appliedEvents(): readonly LoggedEvent[] {
    return this.#applied.events
  }

  slot(name: string): JsonValue {
    return this.#fold.slots.get(name) ?? null
  }

  get slots(): ReadonlyMap<string, JsonValue> {
    return this.#fold.slots
  }

  /** The latest message with the entities that policies added; null where there is none, or a restart came after it. */
  get latestMessage(): UserUttered | null {
    const message = this.#fold.latestMessage
    if (message === null) return null
    if (message.entities === message.event.parse_data.entities) return message.event
    return { ...message.event, parse_data: { ...message.event.parse_data, entities: message.entities } }
  }

  /** Whether the latest message's text, or its intent, led to an action; null before one was predicted. */
  get usesTextOfLatestMessage(): boolean | null {
    return this.#fold.latestMessage?.useText ?? null
  }

  get latestBotText(): string | null {
    return this.#latestBotText
  }

  /** Name (or end-to-end text) of the latest action, null at the beginning. */
  get latestActionName(): string | null {
    return this.#fold.latestAction.action_name ?? this.#fold.latestAction.action_text ?? null
  }

  /** Of the loaded session: null where nothing was said in it yet. */
  get latestInputChannel(): string | null {
    return this.#channelSince(this.#loadedFrom)
  }

  #channelSince(start: number): string | null {
    const event = this.#latestUser >= start ? this.#events[this.#latestUser] : undefined
    return event?.event === 'user' ? event.input_channel : null
  }

  get followupAction(): string | null {
    return this.#fold.followupAction
  }

  get paused(): boolean {
    return this.#fold.paused
  }

  get activeLoop(): ActiveLoopState | null {
    return this.#fold.activeLoop
  }

  /**
   * Rasa's past states over the applied events plus the one now, which comes last: what policies compare.
   * Pass the same options object each time: a tracker keeps one history an object. The array is reused by the next call.
   */
  states(options: StateOptions = ALL_STATES): readonly State[] {
    let history = this.#histories.get(options)
    if (history === undefined) {
      history = new StateHistory(this.domain, options)
      this.#histories.set(options, history)
    }
    return history.follow(this.#applied.priors, this.#applied.fold)
  }

  /** Rasa's JSON of the loaded session, as actions and answers to changes carry it. */
  toState(verbosity: EventVerbosity): TrackerState {
    return this.#stateSince(this.#loadedFrom, verbosity)
  }

  /** Rasa's JSON of all sessions; `until` (seconds, inclusive) leaves out later events. */
  toWholeState(verbosity: EventVerbosity, until?: number): TrackerState {
    if (until !== undefined && (this.#events.at(-1)?.timestamp ?? 0) > until) {
      const end = this.#events.findIndex(event => event.timestamp > until)
      return Tracker.fromEvents(this.senderId, this.domain, this.#events.slice(0, end)).toWholeState(
        verbosity,
      )
    }
    return this.#stateSince(0, verbosity)
  }

  #stateSince(start: number, verbosity: EventVerbosity): TrackerState {
    const fold = this.#fold
    return {
      sender_id: this.senderId,
      slots: Object.fromEntries(fold.slots),
      latest_message: this.latestMessage?.parse_data ?? NO_MESSAGE,
      latest_event_time: this.#events.at(-1)?.timestamp ?? null,
      followup_action: fold.followupAction,
      paused: fold.paused,
      events: this.#eventsFor(start, verbosity),
      latest_input_channel: this.#channelSince(start),
      active_loop: fold.activeLoop ?? {},
      latest_action: fold.latestAction,
      latest_action_name: this.latestActionName,
    }
  }

  #eventsFor(start: number, verbosity: EventVerbosity): readonly LoggedEvent[] | null {
    switch (verbosity) {
      case 'NONE':
        return null
      case 'APPLIED':
        return [...this.#applied.events]
      case 'AFTER_RESTART':
        return this.#events.slice(Math.max(start, this.#afterRestart))
      case 'ALL':
        return this.#events.slice(start)
    }
  }
}

const ALL_STATES: StateOptions = {}
const NO_MESSAGE: ParseData = EMPTY_PARSE_DATA
