// Single conversations of the index, and what people add to them.

import type { Knex } from 'knex'
import { toSummary } from './conversation-row.ts'
import type { ConversationRow } from './conversation-row.ts'
import type { ConversationSummary } from './history-types.ts'
import { nextChange } from './record.ts'

interface FacetRow {
  readonly conversation_id: number
  readonly kind: string
  readonly value: string
  readonly last_active: number
}

/** Changed conversations that are told of at once. */
const MOST_CHANGED = 200

/** Rows with their tags, in the same order. */
export async function withTags(
  knex: Knex,
  rows: readonly ConversationRow[],
): Promise<readonly ConversationSummary[]> {
  if (rows.length === 0) return []
  const tags = await knex<FacetRow>('history_facets')
    .whereIn(
      'conversation_id',
      rows.map(({ id }) => id),
    )
    .andWhere('kind', 'tag')
    .orderBy('value')
    .select('conversation_id', 'value')
  const byId = Map.groupBy(tags, ({ conversation_id: id }) => id)
  return rows.map(row => toSummary(row, byId.get(row.id)?.map(({ value }) => value) ?? []))
}

export async function findConversation(knex: Knex, sender: string): Promise<ConversationSummary | null> {
  const row = await rowOf(knex, sender)
  return row === undefined ? null : ((await withTags(knex, [row]))[0] ?? null)
}

/** Without a mark nothing has changed yet: the mark of now comes back. */
export async function changedSince(
  knex: Knex,
  mark: string | null,
): Promise<{ readonly mark: string; readonly changed: readonly ConversationSummary[] }> {
  if (mark === null) {
    const state = await knex<{ changes: number | string }>('history_state').first('changes')
    return { mark: String(state?.changes ?? 0), changed: [] }
  }
  const rows = await knex<ConversationRow>('history_conversations')
    .where('changed', '>', Number(mark))
    .orderBy('changed')
    .limit(MOST_CHANGED)
    .select<ConversationRow[]>('*')
  return { mark: String(rows.at(-1)?.changed ?? mark), changed: await withTags(knex, rows) }
}

export async function setTags(knex: Knex, sender: string, tags: readonly string[]): Promise<boolean> {
  return knex.transaction(async transaction => {
    const changed = await nextChange(transaction)
    const row = await rowOf(transaction, sender)
    if (row === undefined) return false
    await transaction('history_facets').where({ conversation_id: row.id, kind: 'tag' }).delete()
    const rows = tags.map(value => ({
      conversation_id: row.id,
      kind: 'tag',
      value,
      last_active: row.last_active,
    }))
    if (rows.length > 0) await transaction('history_facets').insert(rows)
    await transaction('history_conversations').where('id', row.id).update({ changed })
    return true
  })
}

export async function setReview(
  knex: Knex,
  sender: string,
  review: { readonly reviewed?: boolean; readonly note?: string | null; readonly resumes_at?: number | null },
): Promise<boolean> {
  return knex.transaction(async transaction => {
    const changed = await nextChange(transaction)
    const count = await transaction('history_conversations')
      .where('sender', sender)
      .update({ ...review, changed })
    return count > 0
  })
}

export async function listTags(
  knex: Knex,
): Promise<readonly { readonly tag: string; readonly conversations: number }[]> {
  const rows = await knex('history_facets')
    .where('kind', 'tag')
    .groupBy('value')
    .orderBy('value')
    .select<{ value: string; count: number | string }[]>('value', knex.raw('count(*) as count'))
  return rows.map(({ value, count }) => ({ tag: value, conversations: Number(count) }))
}

export async function takeDueResumes(knex: Knex, now: number): Promise<readonly string[]> {
  const rows = await knex<ConversationRow>('history_conversations')
    .where('resumes_at', '<=', now)
    .update({ resumes_at: null })
    .returning('sender')
  return rows.map(({ sender }) => sender)
}

export async function inactiveSince(knex: Knex, time: number, limit: number): Promise<readonly string[]> {
  const rows = await knex<ConversationRow>('history_conversations')
    .where('last_active', '<', time)
    .orderBy('last_active')
    .limit(limit)
    .select('sender')
  return rows.map(({ sender }) => sender)
}

async function rowOf(knex: Knex, sender: string): Promise<ConversationRow | undefined> {
  return knex<ConversationRow>('history_conversations')
    .where('sender', sender)
    .first<ConversationRow | undefined>('*')
}
