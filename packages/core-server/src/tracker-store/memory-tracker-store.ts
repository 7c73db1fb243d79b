// Keeps conversations in this process, whole; Rasa's memory store forgets what came before a restart or a new session.

import type { LoggedEvent } from '@tabula/protocol'
import { MemoryReminderScheduler } from '../reminders/memory-reminder-scheduler.ts'
import type { OnDue, ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import type { Log } from '../telemetry/log.ts'
import type { EventLog } from './event-log.ts'
import { MemoryEventLog } from './memory-event-log.ts'
import { MemoryMessageLedger } from './memory-message-ledger.ts'
import type { HandledMessage } from './message-ledger.ts'
import { byBytes, conflict, isSameRevision, NO_REVISION, reasonsTime } from './tracker-store.ts'
import type { KeptReason, Revision, StoredEvents, TrackerStore, TurnReasons } from './tracker-store.ts'

/** Events that wait for brokers at most; beyond it the oldest are not sent to one that stays away. */
const LOGGED_EVENTS = 500_000

interface Conversation {
  revision: Revision
  readonly events: LoggedEvent[]
  readonly why: TurnReasons[]
}

export class MemoryTrackerStore implements TrackerStore {
  readonly messages = new MemoryMessageLedger()
  readonly #conversations = new Map<string, Conversation>()
  #log: MemoryEventLog | null = null
  #appends = 0

  async load(sender: string, known?: Revision): Promise<StoredEvents> {
    const conversation = this.#conversations.get(sender)
    const waiting = this.messages.waiting(sender)
    if (conversation === undefined) return { revision: NO_REVISION, from: 'start', events: [], waiting }
    const { revision, events } = conversation
    if (known !== undefined && isSameRevision(known, revision)) {
      return { revision, from: 'known', events: [], waiting }
    }
    return { revision, from: 'start', events: events.slice(), waiting }
  }

  async append(
    sender: string,
    expected: Revision,
    events: readonly LoggedEvent[],
    why: readonly KeptReason[],
    handled?: HandledMessage,
  ): Promise<Revision> {
    const conversation = this.#conversations.get(sender) ?? { revision: NO_REVISION, events: [], why: [] }
    if (!isSameRevision(conversation.revision, expected)) throw conflict(sender)
    if (handled !== undefined && !this.messages.isOpen(sender, handled.key)) throw conflict(sender)
    for (const event of events) conversation.events.push(event)
    this.#log?.push(sender, events)
    if (why.length > 0) conversation.why.push({ time: reasonsTime(events), actions: why })
    if (handled !== undefined) this.messages.handled(sender, handled)
    return this.#save(sender, conversation)
  }

  async replace(sender: string, events: readonly LoggedEvent[]): Promise<Revision> {
    const before = this.#conversations.get(sender)?.revision ?? NO_REVISION
    this.#log?.push(sender, events)
    return this.#save(sender, { revision: before, events: [...events], why: [] })
  }

  async erase(sender: string): Promise<void> {
    this.#conversations.delete(sender)
    this.messages.erase(sender)
  }

  async why(sender: string): Promise<readonly TurnReasons[]> {
    return this.#conversations.get(sender)?.why.slice() ?? []
  }

  async senders(after: string | null, limit: number): Promise<readonly string[]> {
    const all = [...this.#conversations.keys()].sort(byBytes)
    return all.filter(sender => after === null || byBytes(sender, after) > 0).slice(0, limit)
  }

  async leaveToRasa(): Promise<void> {
    // Rasa reads no memory of ours.
  }

  async probe(): Promise<void> {
    // Memory takes whatever comes.
  }

  async openLog(): Promise<EventLog> {
    return (this.#log ??= new MemoryEventLog(LOGGED_EVENTS))
  }

  async openReminders(onDue: OnDue, log: Log): Promise<ReminderScheduler> {
    return new MemoryReminderScheduler(onDue, log)
  }

  async close(): Promise<void> {
    this.#conversations.clear()
  }

  #save(sender: string, conversation: Conversation): Revision {
    // One process and no failover: counting up is mark enough, over all conversations, so that one that was erased and
    // begun again is another.
    this.#appends += 1
    conversation.revision = { number: conversation.revision.number + 1, tail: String(this.#appends) }
    this.#conversations.set(sender, conversation)
    return conversation.revision
  }
}
