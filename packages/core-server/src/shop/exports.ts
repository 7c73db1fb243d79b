// Conversations as files.

import type { Context } from 'koa'
import type { IntentPrediction, LoggedEvent } from '@tabula/protocol'
import { toCsv } from '../history/csv.ts'
import type { ExplainedTurn } from '../history/explain.ts'
import type { ConversationPage, ConversationSummary, Page } from '../history/history-types.ts'
import { saidBy } from '../history/transcript.ts'

/** Rows of one file of many conversations. */
const MOST_ROWS = 10_000
const ROWS_AT_ONCE = 200

const LIST_COLUMNS = [
  'sender',
  'first_active',
  'last_active',
  'channel',
  'turns',
  'messages',
  'lowest_confidence',
  'fallback',
  'paused',
  'thumbs_down',
  'csat',
  'reviewed',
  'tags',
  'last_text',
] as const

/** Answers with the conversations of all pages as CSV. */
export async function sendConversations(
  ctx: Context,
  list: (page: Page) => Promise<ConversationPage>,
): Promise<void> {
  const rows: (readonly unknown[])[] = []
  let cursor: string | null | undefined
  while (cursor !== null && rows.length < MOST_ROWS) {
    const page: ConversationPage = await list({
      limit: ROWS_AT_ONCE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const conversation of page.conversations)
      rows.push(LIST_COLUMNS.map(name => asCell(conversation, name)))
    cursor = page.next
  }
  sendFile(ctx, 'conversations.csv', toCsv(LIST_COLUMNS, rows))
}

function asCell(conversation: ConversationSummary, name: (typeof LIST_COLUMNS)[number]): unknown {
  if (name === 'tags') return conversation.tags.join(' ')
  if (name === 'first_active' || name === 'last_active') return isoTime(conversation[name])
  return conversation[name]
}

export interface WholeConversation {
  readonly conversation: ConversationSummary
  readonly events: readonly LoggedEvent[]
  readonly turns: readonly ExplainedTurn[]
}

/** Answers with everything as JSON, or with what was said as CSV. */
export function sendConversation(ctx: Context, whole: WholeConversation, asTable: boolean): void {
  const name = whole.conversation.sender.replaceAll(/[^\w.-]/g, '_').slice(0, 60)
  if (!asTable) {
    sendFile(ctx, `${name}.json`, JSON.stringify(whole, null, 2))
    return
  }
  const header = ['time', 'from', 'text', 'intent', 'confidence']
  sendFile(ctx, `${name}.csv`, toCsv(header, whole.events.flatMap(asRow)))
}

function asRow(event: LoggedEvent, number: number): (readonly unknown[])[] {
  const said = saidBy(event, number)
  if (said === null) return []
  const { name, confidence }: Partial<IntentPrediction> =
    event.event === 'user' ? event.parse_data.intent : {}
  return [[isoTime(said.time), said.from, said.text ?? said.data, name, confidence]]
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

export function sendFile(ctx: Context, name: string, text: string): void {
  const type = name.endsWith('.csv')
    ? 'text/csv'
    : name.endsWith('.yml')
      ? 'application/yaml'
      : 'application/json'
  ctx.status = 200
  ctx.set('Content-Type', `${type}; charset=utf-8`)
  ctx.set('Content-Disposition', `attachment; filename="${name}"`)
  ctx.set('Cache-Control', 'no-store')
  ctx.body = text
}
