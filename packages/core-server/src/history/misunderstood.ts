// Messages that reviewers look at: what they mean is written beside them, and never into the bot that answers.

import type { Knex } from 'knex'
import { readCursor, writeCursor } from './cursor.ts'
import { MISUNDERSTOOD_REASONS } from './history-types.ts'
import type {
  Label,
  MisunderstoodMessage,
  MisunderstoodPage,
  MisunderstoodReason,
  MisunderstoodState,
  Page,
} from './history-types.ts'

interface Row {
  readonly id: number
  readonly sender: string
  readonly time: number
  readonly text: string
  readonly intent: string | null
  readonly confidence: number | null
  readonly reasons: string
  readonly state: MisunderstoodState
  readonly label: string | null
  readonly labelled_by: string | null
  readonly alike: string | null
}

const COLUMNS = ['m.id', 'c.sender', 'm.time', 'm.text', 'm.intent', 'm.confidence', 'm.reasons', 'm.state']
const MORE_COLUMNS = ['m.label', 'm.labelled_by', 'm.alike']
/** Labelled messages of one file of training data. */
const MOST_LABELLED = 10_000

/** Only older pages are asked for: new messages come in front. */
export async function listMisunderstood(
  knex: Knex,
  { state = 'new', reason }: { readonly state?: MisunderstoodState; readonly reason?: MisunderstoodReason },
  page: Page,
): Promise<MisunderstoodPage> {
  const cursor = readCursor(page.cursor, 1)
  const query = rows(knex).where('m.state', state)
  if (reason !== undefined) query.andWhere('m.reasons', 'like', `%${reason}%`)
  if (cursor !== null) query.andWhere('m.id', '<', cursor.place[0] ?? 0)
  const found = (await query.orderBy('m.id', 'desc').limit(page.limit + 1)) as Row[]
  const shown = found.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    messages: await toMessages(knex, shown),
    next: last !== undefined && found.length > page.limit ? writeCursor('older', [last.id]) : null,
  }
}

/** Null where there is no such message. */
export async function labelMessage(
  knex: Knex,
  id: number,
  {
    state,
    label,
    by,
  }: { readonly state: MisunderstoodState; readonly label: Label | null; readonly by: string },
): Promise<MisunderstoodMessage | null> {
  const changed = await knex('history_messages')
    .where('id', id)
    .whereNotNull('state')
    .update({ state, label: label === null ? null : JSON.stringify(label), labelled_by: by })
  if (changed === 0) return null
  const [row] = (await rows(knex).where('m.id', id)) as Row[]
  return row === undefined ? null : ((await toMessages(knex, [row]))[0] ?? null)
}

export async function labelled(knex: Knex): Promise<readonly MisunderstoodMessage[]> {
  const found = (await rows(knex)
    .where('m.state', 'done')
    .whereNotNull('m.label')
    .orderBy('m.id')
    .limit(MOST_LABELLED)) as Row[]
  return found.map(row => toMessage(row, 1))
}

function rows(knex: Knex): Knex.QueryBuilder {
  return knex('history_messages as m')
    .join('history_conversations as c', 'c.id', 'm.conversation_id')
    .select([...COLUMNS, ...MORE_COLUMNS])
}

async function toMessages(knex: Knex, found: readonly Row[]): Promise<readonly MisunderstoodMessage[]> {
  const [state] = found.map(row => row.state)
  if (state === undefined) return []
  const words = [...new Set(found.flatMap(({ alike }) => alike ?? []))]
  const counts = await knex('history_messages')
    .where('state', state)
    .whereIn('alike', words)
    .groupBy('alike')
    .select<{ alike: string; count: number | string }[]>('alike', knex.raw('count(*) as count'))
  const byWords = new Map(counts.map(({ alike, count }) => [alike, Number(count)]))
  return found.map(row => toMessage(row, byWords.get(row.alike ?? '') ?? 1))
}

function toMessage(row: Row, alike: number): MisunderstoodMessage {
  const { id, sender, time, text, intent, confidence, reasons, state, label, labelled_by } = row
  return {
    id,
    sender,
    time,
    text,
    intent,
    confidence,
    reasons: MISUNDERSTOOD_REASONS.filter(reason => reasons.split(',').includes(reason)),
    state,
    label: label === null ? null : (JSON.parse(label) as Label),
    labelled_by,
    alike,
  }
}
