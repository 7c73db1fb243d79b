// The ledger of messages in MongoDB: a document a message. What became of it stands with the turn that handled it, so that
// both are there or neither is.

import { parseExactJson } from '@tabula/protocol'
import type { BotMessage } from '@tabula/protocol'
import { inboxFull } from '../inbox/inbox.ts'
import { isSameBody, MESSAGE_MEMORY, otherBody } from './message-ledger.ts'
import type {
  AcceptedMessage,
  HandledMessage,
  JournalEntry,
  MessageLedger,
  MessageRecord,
} from './message-ledger.ts'
import { askingMongo, isDuplicate } from './mongo-errors.ts'
import { messageId } from './mongo-turns.ts'
import type { MongoTurns } from './mongo-turns.ts'
import type { MessageDocument, MongoCollections, Verdict } from './open-mongo.ts'
import { parseAccepted, writeAccepted } from './stored-message.ts'
import { isConflict } from './tracker-store.ts'

/** Messages that are forgotten at once. */
const FORGOTTEN_AT_ONCE = 1_000

export class MongoMessageLedger implements MessageLedger {
  readonly #collections: MongoCollections
  readonly #turns: MongoTurns

  constructor(collections: MongoCollections, turns: MongoTurns) {
    this.#collections = collections
    this.#turns = turns
  }

  async accept(sender: string, accepted: AcceptedMessage, most: number): Promise<'accepted' | 'known'> {
    const { key, digest } = accepted
    return askingMongo(async () => {
      const [known, waiting] = await Promise.all([this.#digestOf(sender, key), this.waiting(sender)])
      if (known !== null) return sameMessage(sender, known, digest)
      if (waiting >= most) throw inboxFull(most)
      const { counters, messages } = this.#collections
      const id = JSON.stringify([sender])
      const counting = { $inc: { accepted: 1 }, $setOnInsert: { sender } }
      const counted = await counters.findOneAndUpdate({ _id: id }, counting, RETURNING_NEW)
      const position = counted?.accepted ?? 0
      const own = { message: writeAccepted(accepted), isWaiting: true, position, hasBegun: false, tries: [] }
      try {
        await messages.insertOne({ _id: messageId(sender, key), ...newMessage(sender, key), digest, ...own })
        return 'accepted'
      } catch (error) {
        if (!isDuplicate(error)) throw error
        return sameMessage(sender, (await this.#digestOf(sender, key)) ?? digest, digest)
      }
    })
  }

  async pending(sender: string): Promise<readonly AcceptedMessage[]> {
    return askingMongo(async () => {
      const filter = { sender, isWaiting: true, message: { $ne: null } }
      const found = await this.#collections.messages.find(filter).toArray()
      const answered = await this.#answeredWithNothing(sender, found)
      return found
        .filter(({ key }) => !answered.has(key))
        .toSorted((a, b) => Number(b.hasBegun) - Number(a.hasBegun) || a.position - b.position)
        .map(({ key, digest, message }) => ({ key, digest, ...parseAccepted(message ?? '') }))
    })
  }

  async begin(sender: string, key: string, digest: string, attempt: string): Promise<MessageRecord> {
    return askingMongo(async () => {
      const [verdict, message] = await Promise.all([
        this.#verdict(sender, key),
        this.#try(sender, key, digest, attempt),
      ])
      if (message === null || !isSameBody(verdict?.digest ?? digest, digest)) throw otherBody(sender)
      const steps = Object.entries(message.journal)
      return {
        ...{ state: verdict?.state ?? 'open', tries: message.tries.length, sent: message.sent },
        replies: repliesOf(verdict),
        journal: new Map(steps.map(([step, entry]) => [Number(step), parseExactJson(entry) as JournalEntry])),
      }
    })
  }

  async giveBack(sender: string, key: string, attempt: string): Promise<void> {
    const change = { $pull: { tries: attempt } }
    await askingMongo(() => this.#collections.messages.updateOne({ _id: messageId(sender, key) }, change))
  }

  async replies(sender: string, key: string): Promise<readonly BotMessage[]> {
    return repliesOf(await askingMongo(() => this.#verdict(sender, key)))
  }

  async journal(sender: string, key: string, step: number, entry: JournalEntry): Promise<void> {
    const place = `journal.${step}`
    const filter = { _id: messageId(sender, key), [place]: { $exists: false } }
    const change = { $set: { [place]: JSON.stringify(entry) } }
    await askingMongo(() => this.#collections.messages.updateOne(filter, change))
  }

  async sent(sender: string, key: string, parts: number, isAll: boolean): Promise<void> {
    const filter = { _id: messageId(sender, key), sent: { $lte: parts } }
    const change = { $set: { sent: parts, ...(isAll ? { isWaiting: false } : {}) } }
    await askingMongo(() => this.#collections.messages.updateOne(filter, change))
  }

  async bury(sender: string, key: string, replies: readonly BotMessage[]): Promise<void> {
    await askingMongo(async () => {
      const digest = (await this.#digestOf(sender, key)) ?? ''
      try {
        await this.#turns.settle(sender, key, { digest, state: 'dead', replies: JSON.stringify(replies) })
      } catch (error) {
        // Handled after all, or buried before.
        if (!isConflict(error)) throw error
      }
    })
  }

  async stranded(age: number, limit: number): Promise<readonly string[]> {
    const now = Date.now() / 1000
    return askingMongo(async () => {
      await this.#forget(now - MESSAGE_MEMORY)
      const found = this.#collections.messages.aggregate<{ readonly _id: string }>([
        { $match: { isWaiting: true, time: { $lte: now - age } } },
        { $group: { _id: '$sender' } },
        { $limit: limit },
      ])
      return (await found.toArray()).map(({ _id }) => _id)
    })
  }

  /** How many accepted messages wait for their turn or their answers. */
  async waiting(sender: string): Promise<number> {
    return this.#collections.messages.countDocuments({ sender, isWaiting: true })
  }

  /** After a turn was saved: what had nothing to answer waits no longer. `pending` does the same where this did not come about. */
  async handled(sender: string, { key, replies }: HandledMessage): Promise<void> {
    if (replies.length === 0) await this.#noLongerWaiting(sender, [key])
  }

  async erase(sender: string): Promise<void> {
    const { messages, counters } = this.#collections
    await Promise.all([messages.deleteMany({ sender }), counters.deleteMany({ sender })])
  }

  async #noLongerWaiting(sender: string, keys: readonly string[]): Promise<void> {
    const ids = keys.map(key => messageId(sender, key))
    await this.#collections.messages.updateMany({ _id: { $in: ids } }, { $set: { isWaiting: false } })
  }

  /** One more try, under its name; null where another message has the key. */
  async #try(sender: string, key: string, digest: string, attempt: string): Promise<MessageDocument | null> {
    const { messages } = this.#collections
    const _id = messageId(sender, key)
    const { sent, ...fresh } = newMessage(sender, key)
    const change = {
      $setOnInsert: { ...fresh, sent, message: null, isWaiting: false, position: 0 },
      $set: { hasBegun: true },
      $addToSet: { tries: attempt },
    }
    try {
      return await messages.findOneAndUpdate({ _id, digest }, change, RETURNING_NEW)
    } catch (error) {
      if (!isDuplicate(error)) throw error
      // Another message, or the same one that another process began at the same moment.
      return messages.findOneAndUpdate({ _id, digest }, change, { returnDocument: 'after' })
    }
  }

  async #verdict(sender: string, key: string): Promise<Verdict | null> {
    const filter = { settles: messageId(sender, key) }
    return (await this.#collections.turns.findOne(filter, { projection: { handled: 1 } }))?.handled ?? null
  }

  async #digestOf(sender: string, key: string): Promise<string | null> {
    const filter = { _id: messageId(sender, key) }
    const [message, verdict] = await Promise.all([
      this.#collections.messages.findOne(filter, { projection: { digest: 1 } }),
      this.#verdict(sender, key),
    ])
    return message?.digest ?? verdict?.digest ?? null
  }

  /** Keys of messages that were handled and had nothing to say, whose process ended before it could note that. */
  async #answeredWithNothing(
    sender: string,
    found: readonly MessageDocument[],
  ): Promise<ReadonlySet<string>> {
    const begun = found.filter(({ hasBegun }) => hasBegun)
    if (begun.length === 0) return new Set()
    const filter = { settles: { $in: begun.map(({ _id }) => _id) }, 'handled.replies': '[]' }
    const settled = await this.#collections.turns.find(filter, { projection: { settles: 1 } }).toArray()
    const ids = new Set(settled.map(({ settles }) => settles))
    const keys = begun.filter(({ _id }) => ids.has(_id)).map(({ key }) => key)
    if (keys.length > 0) await this.#noLongerWaiting(sender, keys)
    return new Set(keys)
  }

  async #forget(before: number): Promise<void> {
    const { messages, turns } = this.#collections
    await messages.deleteMany({ isWaiting: false, time: { $lt: before } })
    const old = { settled: { $gt: 0, $lt: before } }
    await turns.deleteMany({ ...old, number: 0 })
    const found = await turns
      .find(old, { projection: { tail: 1 } })
      .limit(FORGOTTEN_AT_ONCE)
      .toArray()
    for (const { _id, tail } of found)
      await turns.updateOne({ _id }, { $set: { settles: tail }, $unset: { handled: '', settled: '' } })
  }
}

const RETURNING_NEW = { upsert: true, returnDocument: 'after' } as const

function newMessage(
  sender: string,
  key: string,
): Pick<MessageDocument, 'sender' | 'key' | 'sent' | 'journal' | 'time'> {
  return { sender, key, sent: 0, journal: {}, time: Date.now() / 1000 }
}

function sameMessage(sender: string, known: string, digest: string): 'known' {
  if (!isSameBody(known, digest)) throw otherBody(sender)
  return 'known'
}

function repliesOf(verdict: Verdict | null): BotMessage[] {
  return verdict === null ? [] : (parseExactJson(verdict.replies) as BotMessage[])
}
