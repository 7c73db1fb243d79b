// The ledger of messages in SQL: a row a message, a row an outcome of an action.

import type { Knex } from 'knex'
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
import { askingSql } from './sql-errors.ts'
import { parseAccepted, writeAccepted } from './stored-message.ts'
import { conflict } from './tracker-store.ts'

/** Heads the names of a message's tries; of one that was never begun there is nothing. */
const BEGUN = '-'
/** Names that are kept at most; more than a message is ever tried. */
const MOST_NAMES = 5

interface MessageRow {
  readonly position: number | string
  readonly sender_id: string
  readonly message_key: string
  readonly digest: string
  readonly state: MessageRecord['state']
  readonly attempt: string
  readonly tries: number
  /** The accepted message as JSON; null where it was answered in its own request. */
  readonly message: string | null
  readonly replies: string
  readonly sent: number
  readonly is_waiting: number
  readonly time: number
}

interface JournalRow {
  readonly sender_id: string
  readonly message_key: string
  readonly step: number
  readonly entry: string
}

export class SqlMessageLedger implements MessageLedger {
  readonly #knex: Knex

  constructor(knex: Knex) {
    this.#knex = knex
  }

  async accept(sender: string, accepted: AcceptedMessage, most: number): Promise<'accepted' | 'known'> {
    const { key, digest } = accepted
    return askingSql(() =>
      this.#knex.transaction(async knex => {
        const known = await messages(knex).where({ sender_id: sender, message_key: key }).first('digest')
        if (known !== undefined) {
          if (!isSameBody(known.digest, digest)) throw otherBody(sender)
          return 'known'
        }
        const waiting = await messages(knex)
          .where({ sender_id: sender, is_waiting: 1 })
          .count<{ readonly count: number | string }[]>({ count: '*' })
        if (Number(waiting[0]?.count ?? 0) >= most) throw inboxFull(most)
        const row = { ...newRow(sender, key, digest), message: writeAccepted(accepted) }
        await messages(knex)
          .insert({ ...row, is_waiting: 1 })
          .onConflict(['sender_id', 'message_key'])
          .ignore()
        return 'accepted'
      }),
    )
  }

  async pending(sender: string): Promise<readonly AcceptedMessage[]> {
    const rows = await askingSql(() =>
      messages(this.#knex)
        .where({ sender_id: sender, is_waiting: 1 })
        .whereNotNull('message')
        // What was begun may have been answered in part already: nothing that becomes visible later, of a transaction that
        // began earlier and ended later, may go before it.
        .orderByRaw("CASE attempt WHEN '' THEN 1 ELSE 0 END, position")
        .select('message_key', 'digest', 'message'),
    )
    return rows.map(({ message_key: key, digest, message }) => ({
      key,
      digest,
      ...parseAccepted(message ?? ''),
    }))
  }

  async begin(sender: string, key: string, digest: string, attempt: string): Promise<MessageRecord> {
    return askingSql(() =>
      this.#knex.transaction(async knex => {
        const where = { sender_id: sender, message_key: key }
        await messages(knex)
          .insert(newRow(sender, key, digest))
          .onConflict(['sender_id', 'message_key'])
          .ignore()
        const row = await messages(knex).where(where).forUpdate().first()
        if (row === undefined || !isSameBody(row.digest, digest)) throw otherBody(sender)
        const known = triesOf(row)
        const isNew = row.state === 'open' && !known.includes(attempt)
        const names = isNew ? [...known, attempt] : known
        if (isNew) await messages(knex).where(where).update(triedAs(names))
        // A message that nobody has tried yet has called nothing.
        const steps = row.attempt === '' ? [] : await journals(knex).where(where).select('step', 'entry')
        return {
          ...{ state: row.state, tries: names.length, sent: row.sent },
          replies: parseExactJson(row.replies) as BotMessage[],
          journal: new Map(steps.map(({ step, entry }) => [step, parseExactJson(entry) as JournalEntry])),
        }
      }),
    )
  }

  async giveBack(sender: string, key: string, attempt: string): Promise<void> {
    await askingSql(() =>
      this.#knex.transaction(async knex => {
        const where = { sender_id: sender, message_key: key, state: 'open' } as const
        const row = await messages(knex).where(where).forUpdate().first()
        if (row === undefined || !triesOf(row).includes(attempt)) return
        await messages(knex)
          .where(where)
          .update(triedAs(triesOf(row).filter(name => name !== attempt)))
      }),
    )
  }

  async replies(sender: string, key: string): Promise<readonly BotMessage[]> {
    const row = await askingSql(() =>
      messages(this.#knex).where({ sender_id: sender, message_key: key }).first('replies'),
    )
    return parseExactJson(row?.replies ?? '[]') as BotMessage[]
  }

  async journal(sender: string, key: string, step: number, entry: JournalEntry): Promise<void> {
    const row = { sender_id: sender, message_key: key, step, entry: JSON.stringify(entry) }
    await askingSql(() =>
      journals(this.#knex).insert(row).onConflict(['sender_id', 'message_key', 'step']).ignore(),
    )
  }

  async sent(sender: string, key: string, parts: number, isAll: boolean): Promise<void> {
    await askingSql(() =>
      messages(this.#knex)
        .where({ sender_id: sender, message_key: key })
        .andWhere('sent', '<=', parts)
        .update({ sent: parts, ...(isAll ? { is_waiting: 0 } : {}) }),
    )
  }

  async bury(sender: string, key: string, replies: readonly BotMessage[]): Promise<void> {
    await askingSql(() =>
      messages(this.#knex)
        .where({ sender_id: sender, message_key: key, state: 'open' })
        .update({ state: 'dead', replies: JSON.stringify(replies) }),
    )
  }

  async stranded(age: number, limit: number): Promise<readonly string[]> {
    const now = Date.now() / 1000
    return askingSql(async () => {
      await this.#forget(now - MESSAGE_MEMORY)
      const rows = await messages(this.#knex)
        .where({ is_waiting: 1 })
        .andWhere('time', '<=', now - age)
        .distinct('sender_id')
        .limit(limit)
      return rows.map(row => row.sender_id)
    })
  }

  /** Part of saving a turn, in its transaction; throws CodedError `tracker.conflict` where the message is no longer open. */
  async handled(knex: Knex, sender: string, { key, digest, replies }: HandledMessage): Promise<void> {
    const done = { state: 'done', replies: JSON.stringify(replies) } as const
    const change = replies.length === 0 ? { ...done, is_waiting: 0 } : done
    const saved = await messages(knex)
      .insert({ ...newRow(sender, key, digest), ...done })
      .onConflict(['sender_id', 'message_key'])
      .merge(change)
      .where('tabula_messages.state', 'open')
      .returning('message_key')
    // Handled by another meanwhile, and read behind that: a second time it would be there twice.
    if (saved.length === 0) throw conflict(sender)
  }

  /** Part of forgetting a sender, in its transaction. */
  async erase(knex: Knex, sender: string): Promise<void> {
    await messages(knex).where({ sender_id: sender }).delete()
    await journals(knex).where({ sender_id: sender }).delete()
  }

  async #forget(before: number): Promise<void> {
    const old = messages(this.#knex).where({ is_waiting: 0 }).andWhere('time', '<', before)
    const rows = await old.select('sender_id', 'message_key').limit(1_000)
    for (const { sender_id, message_key } of rows) {
      await journals(this.#knex).where({ sender_id, message_key }).delete()
      await messages(this.#knex).where({ sender_id, message_key }).delete()
    }
  }
}

function messages(knex: Knex): Knex.QueryBuilder<MessageRow, MessageRow[]> {
  return knex<MessageRow>('tabula_messages')
}

function journals(knex: Knex): Knex.QueryBuilder<JournalRow, JournalRow[]> {
  return knex<JournalRow>('tabula_journal')
}

function triesOf({ attempt }: Pick<MessageRow, 'attempt'>): readonly string[] {
  return attempt.split(' ').slice(1)
}

function triedAs(names: readonly string[]): Pick<MessageRow, 'attempt' | 'tries'> {
  return { attempt: [BEGUN, ...names.slice(-MOST_NAMES)].join(' '), tries: names.length }
}

function newRow(sender: string, key: string, digest: string): Omit<MessageRow, 'position'> {
  return {
    ...{ sender_id: sender, message_key: key, digest, state: 'open', attempt: '', tries: 0 },
    ...{ message: null, replies: '[]', sent: 0, is_waiting: 0, time: Date.now() / 1000 },
  }
}
