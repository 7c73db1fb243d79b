// Messages of the index, and the words that they are found by.

import type { Knex } from 'knex'
import { isPostgres } from '../database/migration.ts'
import type { Digest, MessageRow } from './digest.ts'
import { rowBatches } from './row-batches.ts'
import { indexedWords } from './search-words.ts'

interface Told {
  readonly id: number
  readonly digest: Digest
}

interface StoredMessage {
  readonly id: number
  readonly conversation_id: number
  readonly number: number
  readonly speaker: string
  readonly reasons: string | null
}

/** Longer ones are told apart by more than reviewers look at. */
const LONGEST_ALIKE = 200

/** Writes the messages that are not in yet. */
export async function writeMessages(knex: Knex, told: readonly Told[]): Promise<void> {
  const rows = told.flatMap(({ id, digest: { messages } }) => messages.map(message => asRow(id, message)))
  for (const some of rowBatches(rows)) {
    const written = await knex<StoredMessage>('history_messages')
      .insert(some)
      .onConflict(['conversation_id', 'number'])
      .ignore()
      .returning(['id', 'conversation_id', 'number'])
    const texts = new Map(some.map(row => [`${row.conversation_id} ${row.number}`, row.text]))
    const words = written.flatMap(({ id, conversation_id: conversation, number }) => {
      const own = indexedWords(texts.get(`${conversation} ${number}`) ?? '')
      return own === '' ? [] : [{ id, words: own }]
    })
    await writeWords(knex, words)
  }
}

async function writeWords(
  knex: Knex,
  words: readonly { readonly id: number; readonly words: string }[],
): Promise<void> {
  if (words.length === 0) return
  const asPostgres = isPostgres(knex)
  const places = words.map(() => (asPostgres ? "(?, array_to_tsvector(string_to_array(?, ' ')))" : '(?, ?)'))
  const bindings = words.flatMap(({ id, words: own }) => [id, asPostgres ? unique(own) : own])
  const into = asPostgres ? 'history_words (id, words)' : 'history_words (rowid, words)'
  await knex.raw(`insert into ${into} values ${places.join(', ')}`, bindings)
}

function unique(words: string): string {
  return [...new Set(words.split(' '))].join(' ')
}

/** Marks earlier messages whose answer fell back or was not liked: reviewers see them as misunderstood. */
export async function markMessages(knex: Knex, told: readonly Told[]): Promise<void> {
  for (const {
    id,
    digest: { disliked },
  } of told) {
    for (const about of disliked) {
      const asked = await knex<StoredMessage>('history_messages')
        .where('conversation_id', id)
        .andWhere('speaker', 'user')
        .andWhere('number', '<', about)
        .orderBy('number', 'desc')
        .first('id', 'reasons')
      if (asked === undefined || (asked.reasons ?? '').includes('thumbs_down')) continue
      const reasons = [...(asked.reasons ?? '').split(',').filter(Boolean), 'thumbs_down'].join(',')
      await knex('history_messages')
        .where('id', asked.id)
        .update({ reasons, state: knex.raw("coalesce(state, 'new')") })
    }
  }
}

function asRow(
  id: number,
  message: MessageRow,
): Readonly<Record<string, unknown>> & {
  readonly conversation_id: number
  readonly number: number
  readonly text: string
} {
  const { number, time, speaker, text, intent, confidence, reasons } = message
  return {
    conversation_id: id,
    number,
    time,
    speaker,
    text,
    intent,
    confidence,
    reasons: reasons.length === 0 ? null : reasons.join(','),
    alike: speaker === 'user' ? indexedWords(text).slice(0, LONGEST_ALIKE) : null,
    state: reasons.length === 0 ? null : 'new',
  }
}
