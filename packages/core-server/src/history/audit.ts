// Who did what at the public side. Rows are added and never changed, but that an erased sender is struck out.

import type { Knex } from 'knex'
import { readCursor, writeCursor } from './cursor.ts'
import type { AuditEntry, AuditPage, NewAuditEntry, Page } from './history-types.ts'

type Row = Omit<AuditEntry, 'details'> & { readonly details: string }

export async function addAudit(knex: Knex, entry: NewAuditEntry, time: number): Promise<void> {
  const { user_id, email, action, subject = null, details = {} } = entry
  await knex('audit').insert({ time, user_id, email, action, subject, details: JSON.stringify(details) })
}

export async function listAudits(
  knex: Knex,
  { action, subject }: { readonly action?: string; readonly subject?: string },
  page: Page,
): Promise<AuditPage> {
  const cursor = readCursor(page.cursor, 1)
  const query = knex('audit')
  if (action !== undefined) query.where('action', action)
  if (subject !== undefined) query.where('subject', subject)
  if (cursor !== null) query.where('id', '<', cursor.place[0] ?? 0)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .select<Row[]>('id', 'time', 'user_id', 'email', 'action', 'subject', 'details')
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    entries: shown.map(row => ({ ...row, details: JSON.parse(row.details) as Record<string, unknown> })),
    next: last !== undefined && rows.length > page.limit ? writeCursor('older', [last.id]) : null,
  }
}
