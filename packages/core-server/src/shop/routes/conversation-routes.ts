// What users with a role read of conversations, and what admins erase.

import { createHash } from 'node:crypto'
import { explain } from '../../history/explain.ts'
import type { ConversationSummary } from '../../history/history-types.ts'
import { ApiError, badRequest } from '../../http/errors.ts'
import type { StoredEvents } from '../../tracker-store/tracker-store.ts'
import { eraseConversation } from '../caretaker.ts'
import { sendConversation, sendConversations } from '../exports.ts'
import type { PublicRoute } from '../public-route.ts'
import { CONVERSATION, CONVERSATIONS, FILTER_QUERY, PAGE_QUERY, REASONS } from '../schemas.ts'
import { audit, numberOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'
import { readFilter, readPage } from './filter.ts'

/** Events of one conversation that are shown at once where the caller names no number. */
const SHOWN_EVENTS = 200
const format = { type: 'string', enum: ['json', 'csv'], default: 'json' }

export function conversationRoutes(parts: ShopParts): readonly PublicRoute[] {
  const { history, store, veil } = parts
  return [
    {
      method: 'get',
      path: '/conversations',
      access: 'viewer',
      tag: 'History',
      summary: 'List conversations, the one with the latest activity first.',
      description:
        'All filters must hold. With `q`, conversations come in the order of the newest message found. `format=csv` gives up to 10,000 rows as a file.',
      query: { ...PAGE_QUERY, ...FILTER_QUERY, format },
      answer: CONVERSATIONS,
      async handle({ ctx, query, caller }) {
        const filter = readFilter(query)
        // A number that is found would be as good as read.
        if (veil(caller, filter.q) !== filter.q)
          throw badRequest('Your role reads this masked, and cannot search for it.', 'q', 'query')
        if (query['format'] !== 'csv') return history.list(filter, readPage(query))
        await audit(parts, caller, { action: 'conversations.export' })
        await sendConversations(ctx, async page => veil(caller, await history.list(filter, page)))
        return undefined
      },
    },
    {
      method: 'get',
      path: '/conversations/{sender}',
      access: 'viewer',
      tag: 'History',
      summary: 'One conversation: its last events, all sessions.',
      query: {
        limit: { type: 'integer', minimum: 1, maximum: 1000, default: SHOWN_EVENTS },
        before: { type: 'integer', minimum: 0, description: 'Events before this number.' },
        after: { type: 'integer', minimum: 0, description: 'Events from this number on.' },
      },
      answer: CONVERSATION,
      async handle({ path: { sender = '' }, query, caller }) {
        const { conversation, stored } = await read(sender, parts)
        if (query['before'] === undefined && query['after'] === undefined)
          await audit(parts, caller, { action: 'conversation.view', subject: sender })
        const total = stored.events.length
        const limit = numberOf(query['limit']) ?? SHOWN_EVENTS
        const after = numberOf(query['after'])
        const end = after === undefined ? Math.min(numberOf(query['before']) ?? total, total) : after + limit
        const first = after ?? Math.max(0, end - limit)
        return { conversation, events: stored.events.slice(first, end), first, total }
      },
    },
    {
      method: 'get',
      path: '/conversations/{sender}/reasons',
      access: 'viewer',
      tag: 'History',
      summary: 'Why the bot said what it said, turn by turn.',
      answer: REASONS,
      async handle({ path: { sender = '' } }) {
        const { stored } = await read(sender, parts)
        return { turns: explain(stored.events, await store.why(sender)) }
      },
    },
    {
      method: 'get',
      path: '/conversations/{sender}/export',
      access: 'viewer',
      tag: 'History',
      summary: 'Everything of one conversation as a file.',
      query: { format },
      answer: { type: 'object' },
      async handle({ ctx, path: { sender = '' }, query, caller }) {
        const { conversation, stored } = await read(sender, parts)
        await audit(parts, caller, { action: 'conversation.export', subject: sender })
        const turns = explain(stored.events, await store.why(sender))
        const whole = veil(caller, { conversation, events: stored.events, turns })
        sendConversation(ctx, whole, query['format'] === 'csv')
        return undefined
      },
    },
    {
      method: 'delete',
      path: '/conversations/{sender}',
      access: 'admin',
      tag: 'History',
      summary: 'Erase one conversation everywhere. It cannot be brought back.',
      answer: null,
      async handle({ path: { sender = '' }, caller }) {
        if (!(await eraseConversation(sender, parts))) throw noConversation()
        // Who was erased must not stand in the audit either: the mark can be compared, not read.
        await audit(parts, caller, { action: 'conversation.erase', subject: markOf(sender) })
      },
    },
  ]
}

/** The conversation as its store and the index have it; an index that is behind is brought up first. */
export async function read(
  sender: string,
  { store, history }: Pick<ShopParts, 'store' | 'history'>,
): Promise<{ readonly conversation: ConversationSummary; readonly stored: StoredEvents }> {
  const stored = await store.load(sender)
  let conversation = await history.find(sender)
  if (conversation?.events !== stored.events.length) {
    await history.refresh(sender, stored.events)
    conversation = await history.find(sender)
  }
  if (conversation === null) throw noConversation()
  return { conversation, stored }
}

export function noConversation(): ApiError {
  return new ApiError({ status: 404, reason: 'NotFound', message: 'There is no such conversation.' })
}

function markOf(sender: string): string {
  return `sha256:${createHash('sha256').update(sender).digest('hex').slice(0, 16)}`
}
