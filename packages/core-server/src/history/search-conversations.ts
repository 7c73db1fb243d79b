// Conversations in which words were said, the one with the newest such message first.

import type { Knex } from 'knex'
import { isPostgres } from '../database/migration.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type {
  ConversationFilter,
  ConversationPage,
  Hit,
  ListedConversation,
  Page,
  Speaker,
} from './history-types.ts'
import { applyFilter, beginningWith, MOST_COUNTED, summaries } from './list-conversations.ts'
import { marksOf } from './search-words.ts'

export interface Searched {
  readonly text: string
  readonly words: readonly string[]
}

interface Found {
  readonly id: number
  readonly message: number
  /** Conversations that were found in all. */
  readonly total: number | string
}

/** Conversations whose sender begins with the text, on the first page. */
const MOST_SENDERS = 10
/** Characters of a found message that are shown. */
const SHOWN = 200
const BEFORE_HIT = 60

export async function searchConversations(
  knex: Knex,
  searched: Searched,
  filter: ConversationFilter,
  page: Page,
): Promise<ConversationPage> {
  const cursor = readCursor(page.cursor, 1)
  const isNewer = cursor?.direction === 'newer'
  // Page and total come of one pass: to count by a question of its own takes as long again, or longer.
  const all = foundQuery(knex, searched.words, filter).select(
    'm.conversation_id as id',
    knex.raw('max(m.id) as message'),
  )
  const counted = knex.from(all.as('each')).select('id', 'message', knex.raw('count(*) over () as total'))
  const found = await knex
    .from(counted.as('found'))
    .modify(builder => {
      if (cursor !== null) builder.where('message', isNewer ? '>' : '<', cursor.place[0] ?? 0)
    })
    .orderBy('message', isNewer ? 'asc' : 'desc')
    .limit(page.limit + 1)
    .select<Found[]>('id', 'message', 'total')
  const hasMore = found.length > page.limit
  const shown = found.slice(0, page.limit)
  if (isNewer) shown.reverse()
  const named = cursor === null ? await namedSo(knex, searched.text, filter) : []
  const total = Number(found[0]?.total ?? (cursor === null ? 0 : await countAll(knex, all)))
  const [first, last] = [shown[0], shown.at(-1)]
  return {
    conversations: await withHits(knex, shown, named, searched),
    next: last !== undefined && (isNewer || hasMore) ? writeCursor('older', [last.message]) : null,
    previous:
      first !== undefined && cursor !== null && (!isNewer || hasMore)
        ? writeCursor('newer', [first.message])
        : null,
    total: Math.min(total, MOST_COUNTED),
    total_is_exact: total <= MOST_COUNTED,
  }
}

/** For a page beyond the last one, which has no row that could say it. */
async function countAll(knex: Knex, all: Knex.QueryBuilder): Promise<number> {
  const [row] = await knex.from(all.clone().as('each')).count<{ count: number | string }[]>('* as count')
  return Number(row?.count ?? 0)
}

function foundQuery(knex: Knex, words: readonly string[], filter: ConversationFilter): Knex.QueryBuilder {
  const query = knex('history_words as w')
  if (isPostgres(knex)) {
    query.join('history_messages as m', 'm.id', 'w.id').whereRaw('w.words @@ ?::tsquery', [asTsQuery(words)])
  } else {
    query
      .joinRaw('join history_messages as m on m.id = w.rowid')
      .whereRaw('w.words match ?', [asMatch(words)])
  }
  if (Object.values(filter).some(value => value !== undefined)) {
    query.join('history_conversations as c', 'c.id', 'm.conversation_id')
    applyFilter(knex, query, filter, { fewSenders: true })
  }
  return query.groupBy('m.conversation_id')
}

/** Words hold letters, digits and marks alone, so that no quote has to be escaped in either language of search. */
function asTsQuery(words: readonly string[]): string {
  return words.map((word, index) => (index === words.length - 1 ? `'${word}':*` : `'${word}'`)).join(' & ')
}

function asMatch(words: readonly string[]): string {
  return words.map((word, index) => (index === words.length - 1 ? `"${word}"*` : `"${word}"`)).join(' ')
}

async function namedSo(knex: Knex, text: string, filter: ConversationFilter): Promise<readonly number[]> {
  const query = knex('history_conversations as c').whereIn(
    'c.id',
    beginningWith(knex, text.trim()).select('id'),
  )
  applyFilter(knex, query, filter, { fewSenders: true })
  const rows = await query
    .orderBy('c.last_active', 'desc')
    .limit(MOST_SENDERS)
    .select<{ id: number }[]>('c.id')
  return rows.map(({ id }) => id)
}

async function withHits(
  knex: Knex,
  found: readonly Found[],
  named: readonly number[],
  { words }: Searched,
): Promise<readonly ListedConversation[]> {
  const ids = found.map(({ id }) => id)
  const messages = await knex<{
    id: number
    conversation_id: number
    time: number
    speaker: Speaker
    text: string
  }>('history_messages')
    .whereIn(
      'id',
      found.map(({ message }) => message),
    )
    .select('id', 'conversation_id', 'time', 'speaker', 'text')
  const byId = new Map(messages.map(row => [row.id, row]))
  const listed = await summaries(knex, ids)
  const others = await summaries(
    knex,
    named.filter(id => !ids.includes(id)),
  )
  return [
    ...others,
    ...listed.map((summary, index) => {
      const row = byId.get(Number(found[index]?.message))
      return row === undefined ? summary : { ...summary, hit: hitOf(row, words) }
    }),
  ]
}

/** The part of the message around the first found word. */
function hitOf(row: { time: number; speaker: Speaker; text: string }, words: readonly string[]): Hit {
  const marks = marksOf(row.text, words)
  const start = Math.max(0, (marks[0]?.[0] ?? 0) - BEFORE_HIT)
  const end = start + SHOWN
  return {
    time: row.time,
    from: row.speaker,
    text: row.text.slice(start, end),
    marks: marks
      .filter(([from, to]) => from >= start && to <= end)
      .map(([from, to]) => [from - start, to - start]),
  }
}
