// Keeps conversations in MongoDB: a document a turn, beside Rasa's own collection. What Rasa keeps in its document is taken
// over when the conversation is first touched, and whatever Rasa adds there later as well.

import type { LoggedEvent } from '@tabula/protocol'
import { MongoReminderRows } from '../reminders/mongo-reminder-rows.ts'
import type { OnDue, ReminderScheduler } from '../reminders/reminder-scheduler.ts'
import { StoredReminderScheduler } from '../reminders/stored-reminder-scheduler.ts'
import type { Log } from '../telemetry/log.ts'
import type { EventLog } from './event-log.ts'
import type { HandledMessage } from './message-ledger.ts'
import { askingMongo, isDuplicate } from './mongo-errors.ts'
import { MongoEventLog } from './mongo-event-log.ts'
import { MongoMessageLedger } from './mongo-message-ledger.ts'
import { chainBehind, eventsOf, MongoTurns, revisionOf, wholeChain } from './mongo-turns.ts'
import type { FoundTurn } from './mongo-turns.ts'
import type { MongoCollections } from './open-mongo.ts'
import { hasNews, noteSeen, readRasaDocument, senderIn, writeRasaDocument } from './rasa-mongo-document.ts'
import { byBytes, conflict, isConflict, isSameRevision, NO_REVISION } from './tracker-store.ts'
import type { KeptReason, Revision, StoredEvents, TrackerStore, TurnReasons } from './tracker-store.ts'

/** Characters of a probe. */
const PROBE_SIZE = 16_384
/** Where a probe is written: no reader has this name. */
const PROBE = ''

export class MongoTrackerStore implements TrackerStore {
  readonly messages: MongoMessageLedger
  readonly #collections: MongoCollections
  readonly #turns: MongoTurns

  /** A store over these collections, whose client is closed with it. */
  constructor(collections: MongoCollections) {
    this.#collections = collections
    this.#turns = new MongoTurns(collections)
    this.messages = new MongoMessageLedger(collections, this.#turns)
  }

  async load(sender: string, known: Revision = NO_REVISION): Promise<StoredEvents> {
    return askingMongo(async () => {
      for (;;) {
        const [turns, waiting, isBehind] = await Promise.all([
          this.#turns.from(sender, known.number),
          this.messages.waiting(sender),
          hasNews(this.#collections.rasa, sender),
        ])
        if (isBehind) {
          await this.#takeOver(sender)
          continue
        }
        const behind = known.number === 0 ? null : chainBehind(turns, known)
        if (behind !== null) {
          const revision = behind.length === 0 ? known : revisionOf(behind)
          return { revision, from: 'known', events: eventsOf(behind), waiting }
        }
        const chain = known.number === 0 ? wholeChain(turns) : await this.#wholeChain(sender)
        return { revision: revisionOf(chain), from: 'start', events: eventsOf(chain), waiting }
      }
    })
  }

  async append(
    sender: string,
    expected: Revision,
    events: readonly LoggedEvent[],
    why: readonly KeptReason[],
    handled?: HandledMessage,
  ): Promise<Revision> {
    return askingMongo(async () => {
      // Before the conversation exists: one that is listed and empty does no harm, one that is not listed is never found.
      if (expected.number === 0) await this.#addSender(sender)
      if (events.length === 0 && handled === undefined) return expected
      if (!(await this.#turns.knows(sender, expected))) throw conflict(sender)
      const verdict = handled && {
        key: handled.key,
        verdict: { digest: handled.digest, state: 'done' as const, replies: JSON.stringify(handled.replies) },
      }
      let revision = expected
      if (events.length > 0) {
        const turn = { sender, before: expected, events, why }
        revision = await this.#turns.add(verdict === undefined ? turn : { ...turn, handled: verdict })
      } else if (verdict !== undefined) await this.#turns.settle(sender, verdict.key, verdict.verdict)
      // The turn is saved, whatever becomes of this.
      if (handled !== undefined) await this.messages.handled(sender, handled).catch(() => undefined)
      return revision
    })
  }

  async replace(sender: string, events: readonly LoggedEvent[]): Promise<Revision> {
    return askingMongo(async () => {
      await this.#addSender(sender)
      for (;;) {
        // What Rasa holds is part of what is replaced: taken over first, it does not come back.
        const { revision: before } = await this.load(sender)
        const rasaEvents = takenFromRasa(await this.#wholeChain(sender))
        try {
          const revision = await this.#turns.add({ sender, before, events, isStart: true, rasaEvents })
          await this.#turns.removeBefore(sender, revision.number)
          return revision
        } catch (error) {
          if (!isConflict(error)) throw error
        }
      }
    })
  }

  async erase(sender: string): Promise<void> {
    const { rasa, senders, turns } = this.#collections
    await askingMongo(async () => {
      await rasa.deleteMany({ sender_id: senderIn(sender) })
      await turns.deleteMany({ sender })
      await this.messages.erase(sender)
      await senders.deleteOne({ _id: sender })
    })
  }

  async why(sender: string): Promise<readonly TurnReasons[]> {
    const filter = { sender, number: { $gte: 1 }, why: { $ne: null } }
    const found = await askingMongo(() =>
      this.#collections.turns
        .find(filter, { projection: { time: 1, why: 1 } })
        .sort({ number: 1 })
        .toArray(),
    )
    return found.map(({ time, why }) => ({ time, actions: JSON.parse(why ?? '[]') as KeptReason[] }))
  }

  async senders(after: string | null, limit: number): Promise<readonly string[]> {
    const { senders, rasa } = this.#collections
    const behind = { $gt: after ?? '' }
    const [own, rasas] = await askingMongo(() =>
      Promise.all([
        senders.find({ _id: behind }).sort({ _id: 1 }).limit(limit).toArray(),
        rasa
          .find<{ readonly sender_id: string }>(
            { sender_id: behind },
            { projection: { sender_id: 1 }, sort: { sender_id: 1 }, limit },
          )
          .toArray(),
      ]),
    )
    const all = new Set([...own.map(({ _id }) => _id), ...rasas.map(({ sender_id }) => sender_id)])
    return [...all].sort(byBytes).slice(0, limit)
  }

  async leaveToRasa(sender: string): Promise<void> {
    let written: Revision | null = null
    for (;;) {
      const { revision, events } = await this.load(sender)
      if (written !== null && isSameRevision(written, revision)) return
      await askingMongo(() => writeRasaDocument(this.#collections.rasa, sender, events))
      written = revision
    }
  }

  async probe(): Promise<void> {
    const { readers } = this.#collections
    const cursor = ' '.repeat(PROBE_SIZE)
    const change = { $set: { cursor, owner: null, until: Date.now() } }
    await askingMongo(() => readers.updateOne({ _id: PROBE }, change, { upsert: true }))
  }

  async openLog(): Promise<EventLog> {
    return new MongoEventLog(this.#collections)
  }

  async openReminders(onDue: OnDue, log: Log): Promise<ReminderScheduler> {
    return new StoredReminderScheduler(new MongoReminderRows(this.#collections.reminders), onDue, log)
  }

  async close(): Promise<void> {
    await this.#collections.client.close()
  }

  async #wholeChain(sender: string): Promise<readonly FoundTurn[]> {
    return wholeChain(await this.#turns.from(sender, 0))
  }

  async #addSender(sender: string): Promise<void> {
    try {
      await this.#collections.senders.insertOne({ _id: sender })
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
  }

  /** Rasa's events behind those that were taken already; the conversation is to be read again after it. */
  async #takeOver(sender: string): Promise<void> {
    const { rasa } = this.#collections
    const document = await readRasaDocument(rasa, sender)
    if (document === null) return
    const chain = await this.#wholeChain(sender)
    const added = document.events.slice(Math.max(document.taken, takenFromRasa(chain)))
    await this.#addSender(sender)
    if (added.length > 0) {
      const rasaEvents = document.events.length
      try {
        await this.#turns.add({ sender, before: revisionOf(chain), events: added, rasaEvents })
      } catch (error) {
        // Another process did it at the same moment, or a turn was faster: it is looked at anew.
        if (isConflict(error)) return
        throw error
      }
    }
    await noteSeen(rasa, sender, document)
  }
}

/** How many events of Rasa's document are in these turns. */
function takenFromRasa(chain: readonly FoundTurn[]): number {
  return chain.reduce((most, { rasaEvents = 0 }) => Math.max(most, rasaEvents), 0)
}
