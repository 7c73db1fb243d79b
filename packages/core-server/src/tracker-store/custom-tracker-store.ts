// A tracker store of a project's own: a class that endpoints.yml names by its path, as Rasa names Python's. It keeps events
// and tells when a conversation has moved on; what else a store knows (messages, reasons, reminders, the log of brokers)
// stays in this process.

import { CodedError } from '@tabula/protocol'
import type { LoggedEvent } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { MemoryReminderScheduler } from '../reminders/memory-reminder-scheduler.ts'
import type { OnDue, ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import { asking } from '../redis/redis-errors.ts'
import type { Log } from '../telemetry/log.ts'
import type { EventLog } from './event-log.ts'
import { parseStoredEvent } from './event-row.ts'
import { MemoryEventLog } from './memory-event-log.ts'
import { MemoryMessageLedger } from './memory-message-ledger.ts'
import type { HandledMessage } from './message-ledger.ts'
import { conflict, isSameRevision, NO_REVISION, reasonsTime } from './tracker-store.ts'
import type { KeptReason, Revision, StoredEvents, TrackerStore, TurnReasons } from './tracker-store.ts'

/** What a project's class is; its constructor takes the entry of endpoints.yml. */
export type CustomStoreClass = new (settings: Readonly<Record<string, unknown>>) => CustomStore

export interface CustomStore {
  /** The whole conversation, oldest event first, and a mark that is another one after each change; null where there is none. */
  retrieve(sender: string): Promise<Retrieved | null> | Retrieved | null
  /**
   * Adds events to the conversation and gives its new mark; null, with nothing added, where its mark is not this one by now
   * (null: where it exists by now).
   */
  save(
    sender: string,
    events: readonly LoggedEvent[],
    mark: string | null,
  ): Promise<string | null> | string | null
  /** Forgets the conversation. */
  erase(sender: string): Promise<void> | void
  /** Ids behind this one in the order of their UTF-8 bytes, at most `limit`. */
  keys(after: string | null, limit: number): Promise<readonly string[]> | readonly string[]
  close?(): Promise<void> | void
}

export interface Retrieved {
  /** Events, or their JSON as it was: only there 5.0 is still another number than 5. */
  readonly events: readonly unknown[]
  readonly mark: string
}

/** Events that wait for brokers at most. */
const LOGGED_EVENTS = 100_000
/** Conversations whose reasons are kept. */
const EXPLAINED = 1_000

export class CustomTrackerStore implements TrackerStore {
  readonly messages = new MemoryMessageLedger()
  readonly #own: CustomStore
  readonly #why = new Map<string, TurnReasons[]>()
  #log: MemoryEventLog | null = null

  private constructor(own: CustomStore) {
    this.#own = own
  }

  /** Throws CodedError `endpoints.tracker-store` where the class has not what a store needs. */
  static open(
    type: CustomStoreClass,
    name: string,
    settings: Readonly<Record<string, unknown>>,
    log: Log,
  ): CustomTrackerStore {
    const own = new type(settings)
    const missing = ['retrieve', 'save', 'erase', 'keys'].filter(
      method => typeof (own as unknown as Record<string, unknown>)[method] !== 'function',
    )
    if (missing.length > 0)
      throw new CodedError(
        'endpoints.tracker-store',
        `endpoints.yml: the tracker_store ${name} has no method ${missing.join(', ')}.`,
        { status: 400 },
      )
    log.info(
      { code: 'store.custom', type: name },
      'Conversations are kept by a class of this project; repeated messages, reminders and reasons are known to this process alone.',
    )
    return new CustomTrackerStore(own)
  }

  async load(sender: string, known?: Revision): Promise<StoredEvents> {
    const found = await asking(async () => this.#own.retrieve(sender))
    const waiting = this.messages.waiting(sender)
    if (found === null) return { revision: NO_REVISION, from: 'start', events: [], waiting }
    if (!isRetrieved(found)) throw unreadable()
    const revision = { number: Math.max(1, found.events.length), tail: found.mark }
    if (known !== undefined && isSameRevision(known, revision))
      return { revision, from: 'known', events: [], waiting }
    return { revision, from: 'start', events: found.events.map(toLogged), waiting }
  }

  async append(
    sender: string,
    expected: Revision,
    events: readonly LoggedEvent[],
    why: readonly KeptReason[],
    handled?: HandledMessage,
  ): Promise<Revision> {
    if (events.length === 0 && handled === undefined) return expected
    if (handled !== undefined && !this.messages.isOpen(sender, handled.key)) throw conflict(sender)
    const before = expected.number === 0 ? null : expected.tail
    const mark =
      events.length === 0 ? before : await asking(async () => this.#own.save(sender, events, before))
    if (events.length > 0 && mark === null) throw conflict(sender)
    if (handled !== undefined) this.messages.handled(sender, handled)
    if (why.length > 0) this.#explain(sender, { time: reasonsTime(events), actions: why })
    this.#log?.push(sender, events)
    if (mark === null) return expected
    const number = expected.number + events.length
    return { number, tail: mark }
  }

  async replace(sender: string, events: readonly LoggedEvent[]): Promise<Revision> {
    await asking(async () => this.#own.erase(sender))
    this.#why.delete(sender)
    return this.append(sender, NO_REVISION, events, [])
  }

  async erase(sender: string): Promise<void> {
    await asking(async () => this.#own.erase(sender))
    this.messages.erase(sender)
    this.#why.delete(sender)
  }

  async why(sender: string): Promise<readonly TurnReasons[]> {
    return this.#why.get(sender)?.slice() ?? []
  }

  async senders(after: string | null, limit: number): Promise<readonly string[]> {
    return asking(async () => this.#own.keys(after, limit))
  }

  async leaveToRasa(): Promise<void> {
    // Rasa reads no class of TypeScript.
  }

  async probe(): Promise<void> {
    await asking(async () => this.#own.keys(null, 1))
  }

  async openLog(): Promise<EventLog> {
    return (this.#log ??= new MemoryEventLog(LOGGED_EVENTS))
  }

  async openReminders(onDue: OnDue, log: Log): Promise<ReminderScheduler> {
    return new MemoryReminderScheduler(onDue, log)
  }

  async close(): Promise<void> {
    await this.#own.close?.()
  }

  #explain(sender: string, reasons: TurnReasons): void {
    const all = this.#why.get(sender) ?? []
    this.#why.delete(sender)
    this.#why.set(sender, [...all, reasons])
    const [oldest] = this.#why.keys()
    if (this.#why.size > EXPLAINED && oldest !== undefined) this.#why.delete(oldest)
  }
}

function isRetrieved(found: unknown): found is Retrieved {
  return isRecord(found) && Array.isArray(found['events']) && typeof found['mark'] === 'string'
}

function toLogged(event: unknown): LoggedEvent {
  return parseStoredEvent(typeof event === 'string' ? event : JSON.stringify(event))
}

function unreadable(): CodedError {
  return new CodedError(
    'tracker.unreadable',
    'retrieve of the tracker_store of this project should give {events: […], mark: "…"}, or null.',
    { status: 500 },
  )
}
