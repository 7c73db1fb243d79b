// Writes what the event log says into the index: once, in order, however often it is told.

import type { LoggedEvent } from '@tabula/protocol'
import type { Knex } from 'knex'
import { isPostgres } from '../database/migration.ts'
import type { LogEntry } from '../tracker-store/event-log.ts'
import { emptyRow } from './conversation-row.ts'
import type { ConversationRow, NewConversationRow } from './conversation-row.ts'
import { digest } from './digest.ts'
import type { Digest, HourFigure } from './digest.ts'
import type { LoadConversation } from './history.ts'
import { markMessages, writeMessages } from './record-messages.ts'
import { rowBatches } from './row-batches.ts'

interface Update {
  readonly before: ConversationRow | null
  readonly digest: Digest
}

export async function recordEntries(
  knex: Knex,
  entries: readonly LogEntry[],
  load: LoadConversation,
  lowConfidence: number,
): Promise<void> {
  const bySender = Map.groupBy(entries, ({ sender }) => sender)
  await knex.transaction(async transaction => {
    const change = await nextChange(transaction)
    const rows = await rowsOf(transaction, [...bySender.keys()])
    const updates: Update[] = []
    for (const [sender, own] of bySender) {
      const before = rows.get(sender) ?? null
      const events = own.map(({ event }) => event)
      const known = before === null ? await begin(sender, events, load, lowConfidence) : null
      if (before === null) {
        if (known !== null) updates.push({ before, digest: known })
        continue
      }
      const skipped = Math.min(before.ahead, events.length)
      const base = { ...before, ahead: before.ahead - skipped }
      updates.push({ before, digest: digest(base, events.slice(skipped), lowConfidence) })
    }
    await write(transaction, updates, change, { countsHours: true })
  })
}

/** A conversation that is new to the index is read whole: what the log tells may begin in its middle, or be erased by now. */
async function begin(
  sender: string,
  told: readonly LoggedEvent[],
  load: LoadConversation,
  lowConfidence: number,
): Promise<Digest | null> {
  const { events } = await load(sender)
  if (events.length === 0) return null
  const last = told.at(-1)
  const at = events.findLastIndex(event => event.timestamp === last?.timestamp && event.event === last.event)
  const ahead = at === -1 ? 0 : events.length - 1 - at
  const whole = digest(emptyRow(sender), events, lowConfidence)
  return { ...whole, row: { ...whole.row, ahead } }
}

export async function refreshConversation(
  knex: Knex,
  sender: string,
  events: readonly LoggedEvent[],
  lowConfidence: number,
): Promise<void> {
  await knex.transaction(async transaction => {
    const change = await nextChange(transaction)
    const before = (await rowsOf(transaction, [sender])).get(sender) ?? null
    if (events.length === 0 || before?.events === events.length) return
    if (before !== null && before.events > events.length) {
      await writeWhole(transaction, { sender, events, before, change, lowConfidence, countsHours: false })
      return
    }
    // The log will tell of these events too.
    const base = before ?? emptyRow(sender)
    const fresh = events.slice(base.events)
    const made = digest({ ...base, ahead: base.ahead + fresh.length }, fresh, lowConfidence)
    await write(transaction, [{ before, digest: made }], change, { countsHours: true })
  })
}

/** Writes the conversation anew, after `resetHistory`. */
export async function rebuildConversation(
  knex: Knex,
  sender: string,
  events: readonly LoggedEvent[],
  lowConfidence: number,
): Promise<void> {
  if (events.length === 0) return
  await knex.transaction(async transaction => {
    const change = await nextChange(transaction)
    const before = (await rowsOf(transaction, [sender])).get(sender) ?? null
    await writeWhole(transaction, { sender, events, before, change, lowConfidence, countsHours: true })
  })
}

async function writeWhole(
  knex: Knex,
  what: {
    readonly sender: string
    readonly events: readonly LoggedEvent[]
    readonly before: ConversationRow | null
    readonly change: number
    readonly lowConfidence: number
    readonly countsHours: boolean
  },
): Promise<void> {
  const { sender, events, before, change, lowConfidence, countsHours } = what
  if (before !== null) await forgetRows(knex, before.id)
  const kept =
    before === null ? {} : { reviewed: before.reviewed, note: before.note, resumes_at: before.resumes_at }
  const made = digest({ ...emptyRow(sender), ...kept }, events, lowConfidence)
  await write(knex, [{ before, digest: made }], change, { countsHours })
}

export async function forgetConversation(knex: Knex, sender: string): Promise<boolean> {
  return knex.transaction(async transaction => {
    await transaction('audit').where({ subject: sender }).update({ subject: null })
    const row = (await rowsOf(transaction, [sender])).get(sender)
    if (row === undefined) return false
    await forgetRows(transaction, row.id)
    await transaction('history_facets').where('conversation_id', row.id).delete()
    await transaction('history_conversations').where('id', row.id).delete()
    return true
  })
}

/** Messages and what is made of them; tags stay. */
async function forgetRows(knex: Knex, id: number): Promise<void> {
  const own = knex('history_messages').where('conversation_id', id).select('id')
  await knex('history_words')
    .whereIn(isPostgres(knex) ? 'id' : 'rowid', own)
    .delete()
  await knex('history_messages').where('conversation_id', id).delete()
  await knex('history_facets').where('conversation_id', id).whereNot('kind', 'tag').delete()
}

/** The number of this change; two that write at one time take turns here. */
export async function nextChange(knex: Knex): Promise<number> {
  const rows = await knex<{ id: number; changes: number | string }>('history_state')
    .where('id', 1)
    .update({ changes: knex.raw('changes + 1') as unknown as number })
    .returning('changes')
  return Number(rows[0]?.changes ?? 0)
}

async function rowsOf(knex: Knex, senders: readonly string[]): Promise<ReadonlyMap<string, ConversationRow>> {
  const rows = await knex<ConversationRow>('history_conversations')
    .whereIn('sender', senders)
    .select<ConversationRow[]>('*')
  return new Map(rows.map(row => [row.sender, row]))
}

async function write(
  knex: Knex,
  updates: readonly Update[],
  change: number,
  { countsHours }: { readonly countsHours: boolean },
): Promise<void> {
  if (updates.length === 0) return
  const rows = updates.map(({ digest: { row } }) => ({ ...withoutId(row), changed: change }))
  const written = await knex<ConversationRow>('history_conversations')
    .insert(rows)
    .onConflict('sender')
    .merge()
    .returning(['id', 'sender'])
  const ids = new Map(written.map(({ sender, id }) => [sender, id]))
  const told = updates.map(({ digest: made, before }) => ({
    id: ids.get(made.row.sender) ?? 0,
    digest: made,
    moved: before !== null && before.last_active !== made.row.last_active,
  }))
  await writeMessages(knex, told)
  await markMessages(knex, told)
  await writeFacets(knex, told)
  if (countsHours)
    await countHours(
      knex,
      updates.flatMap(({ digest: { figures } }) => figures),
    )
}

/** A row that was read has its number with it. */
function withoutId(row: NewConversationRow): NewConversationRow {
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => name !== 'id'),
  ) as unknown as NewConversationRow
}

async function writeFacets(
  knex: Knex,
  told: readonly { readonly id: number; readonly digest: Digest; readonly moved: boolean }[],
): Promise<void> {
  const facets = told.flatMap(({ id, digest: { facets: own, row } }) =>
    [...own.values()].map(({ kind, value }) => ({
      conversation_id: id,
      kind,
      value: value.slice(0, 255),
      last_active: row.last_active,
    })),
  )
  for (const some of rowBatches(facets))
    await knex('history_facets').insert(some).onConflict(['conversation_id', 'kind', 'value']).merge()
  // A list narrowed by a facet is read in the order of its rows: they move with their conversation.
  for (const {
    id,
    digest: { row },
    moved,
  } of told) {
    if (moved)
      await knex('history_facets')
        .where('conversation_id', id)
        .whereNot('last_active', row.last_active)
        .update({ last_active: row.last_active })
  }
}

async function countHours(knex: Knex, figures: readonly HourFigure[]): Promise<void> {
  const sums = new Map<string, HourFigure>()
  for (const figure of figures) {
    const key = `${figure.hour} ${figure.name} ${figure.value}`
    sums.set(key, { ...figure, count: figure.count + (sums.get(key)?.count ?? 0) })
  }
  for (const some of rowBatches([...sums.values()])) {
    await knex('history_hours')
      .insert(some)
      .onConflict(['hour', 'name', 'value'])
      .merge({ count: knex.raw('history_hours.count + excluded.count') })
  }
}
