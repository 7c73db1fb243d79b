// Pages of conversations by their last activity. Each page is read from an index in its order, from where the cursor
// stands: the ten-thousandth costs what the first does.

import type { Knex } from 'knex'
import { isPostgres } from '../database/migration.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import type { ConversationRow } from './conversation-row.ts'
import { withTags } from './conversations.ts'
import type { ConversationFilter, ConversationPage, Page } from './history-types.ts'

/** Beyond it nobody counts: the total is then this, and said not to be exact. */
export const MOST_COUNTED = 1_000
/** Senders with one beginning that are looked up before the list is read in its own order instead. */
const FEW_SENDERS = 2_000

export async function listConversations(
  knex: Knex,
  filter: ConversationFilter,
  page: Page,
): Promise<ConversationPage> {
  const cursor = readCursor(page.cursor, 2)
  const narrowed = knex('history_conversations as c')
  applyFilter(knex, narrowed, filter, { fewSenders: await isRareBeginning(knex, filter.sender) })
  const places = await pageOf(knex, narrowed.clone(), filter, cursor, page.limit + 1)
  const hasMore = places.length > page.limit
  const shown = places.slice(0, page.limit)
  if (cursor?.direction === 'newer') shown.reverse()
  const [first, last] = [shown[0], shown.at(-1)]
  const isNewer = cursor?.direction === 'newer'
  const total = cursor === null && !hasMore ? shown.length : await countUpTo(knex, narrowed.select('c.id'))
  return {
    conversations: await summaries(
      knex,
      shown.map(({ id }) => id),
    ),
    next:
      last !== undefined && (isNewer || hasMore) ? writeCursor('older', [last.last_active, last.id]) : null,
    previous:
      first !== undefined && cursor !== null && (!isNewer || hasMore)
        ? writeCursor('newer', [first.last_active, first.id])
        : null,
    total: Math.min(total, MOST_COUNTED),
    total_is_exact: total <= MOST_COUNTED,
  }
}

/** Summaries of these rows, in this order. */
export async function summaries(
  knex: Knex,
  ids: readonly number[],
): Promise<ConversationPage['conversations']> {
  const rows = await knex<ConversationRow>('history_conversations')
    .whereIn('id', ids)
    .select<ConversationRow[]>('*')
  const byId = new Map(rows.map(row => [row.id, row]))
  return withTags(
    knex,
    ids.flatMap(id => byId.get(id) ?? []),
  )
}

export function applyFilter(
  knex: Knex,
  query: Knex.QueryBuilder,
  filter: ConversationFilter,
  { fewSenders }: { readonly fewSenders: boolean },
): void {
  const { from, to, sender, channel } = filter
  if (from !== undefined) query.where('c.last_active', '>=', from)
  if (to !== undefined) query.where('c.last_active', '<', to)
  if (channel !== undefined) query.where('c.channel', channel)
  if (filter.confidence_below !== undefined) query.where('c.lowest_confidence', '<', filter.confidence_below)
  if (filter.csat_at_most !== undefined) query.where('c.csat', '<=', filter.csat_at_most)
  for (const name of ['fallback', 'paused', 'thumbs_down', 'reviewed'] as const) {
    if (filter[name] !== undefined) query.where(`c.${name}`, filter[name])
  }
  if (sender !== undefined && sender !== '') applyBeginning(knex, query, sender, fewSenders)
  applyFacets(query, filter)
}

/** The first facet gives the order, through its own index; further ones are asked of what it gives. */
function applyFacets(query: Knex.QueryBuilder, filter: ConversationFilter): void {
  const wanted = (['tag', 'intent', 'action'] as const).flatMap(kind =>
    filter[kind] === undefined ? [] : [{ kind, value: filter[kind] }],
  )
  wanted.forEach(({ kind, value }, index) => {
    const name = `f${index}`
    query.join(`history_facets as ${name}`, join => {
      join
        .on(`${name}.conversation_id`, '=', 'c.id')
        .andOnVal(`${name}.kind`, kind)
        .andOnVal(`${name}.value`, value)
    })
  })
}

/** Which conversations a query is ordered by: those of its first facet where it has one. */
function orderOf(filter: ConversationFilter): { readonly time: string; readonly id: string } {
  const hasFacet = filter.tag !== undefined || filter.intent !== undefined || filter.action !== undefined
  return hasFacet
    ? { time: 'f0.last_active', id: 'f0.conversation_id' }
    : { time: 'c.last_active', id: 'c.id' }
}

function applyBeginning(knex: Knex, query: Knex.QueryBuilder, sender: string, fewSenders: boolean): void {
  if (fewSenders) query.whereIn('c.id', beginningWith(knex, sender).select('id'))
  else query.where(beginning(knex, 'c.sender', sender))
}

export function beginningWith(knex: Knex, sender: string): Knex.QueryBuilder {
  return knex('history_conversations').where(beginning(knex, 'sender', sender))
}

/** PostgreSQL sorts by language, and has an index for beginnings; SQLite sorts by bytes. */
function beginning(knex: Knex, column: string, sender: string): Knex.Raw {
  if (isPostgres(knex))
    return knex.raw(`${column} like ? escape '!'`, [`${sender.replaceAll(/[!%_]/g, sign => `!${sign}`)}%`])
  return knex.raw(`(${column} >= ? and ${column} < ?)`, [sender, `${sender}\u{10FFFF}`])
}

async function isRareBeginning(knex: Knex, sender: string | undefined): Promise<boolean> {
  if (sender === undefined || sender === '') return false
  const some = beginningWith(knex, sender)
    .select('id')
    .limit(FEW_SENDERS + 1)
  const [row] = await knex.from(some.as('some')).count<{ count: number | string }[]>('* as count')
  return Number(row?.count ?? 0) <= FEW_SENDERS
}

async function pageOf(
  knex: Knex,
  query: Knex.QueryBuilder,
  filter: ConversationFilter,
  cursor: Cursor | null,
  limit: number,
): Promise<{ id: number; last_active: number }[]> {
  const { time, id } = orderOf(filter)
  const isNewer = cursor?.direction === 'newer'
  if (cursor !== null) query.whereRaw(`(${time}, ${id}) ${isNewer ? '>' : '<'} (?, ?)`, [...cursor.place])
  const direction = isNewer ? 'asc' : 'desc'
  query.orderBy(time, direction).orderBy(id, direction).limit(limit)
  return query.select<{ id: number; last_active: number }[]>(
    knex.raw(`${id} as id`),
    knex.raw(`${time} as last_active`),
  )
}

/** How many rows a query gives, up to one more than are counted. */
async function countUpTo(knex: Knex, query: Knex.QueryBuilder): Promise<number> {
  const some = query.limit(MOST_COUNTED + 1)
  const [row] = await knex.from(some.as('some')).count<{ count: number | string }[]>('* as count')
  return Number(row?.count ?? 0)
}
