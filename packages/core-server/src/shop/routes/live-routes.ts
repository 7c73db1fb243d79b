// What changes, pushed to pages that look on.

import { notAuthenticated } from '../identify.ts'
import type { PublicRoute } from '../public-route.ts'
import { numberOf, textOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'

export function liveRoutes({ live }: ShopParts): readonly PublicRoute[] {
  return [
    {
      method: 'get',
      path: '/live',
      access: 'viewer',
      tag: 'History',
      summary: 'Conversations as they change, as server-sent events.',
      description:
        'Events are `conversation` (a summary as in the list) and, with `sender`, `events` ({sender, first, events}) of that conversation. A browser’s EventSource sends no Authorization header: read the stream with fetch. It ends with the token.',
      query: {
        sender: { type: 'string', maxLength: 255 },
        after: { type: 'integer', minimum: 0, description: 'Events from this number on come first.' },
      },
      answer: { type: 'string' },
      answerType: 'text/event-stream',
      errors: [503],
      async handle({ ctx, caller, query }) {
        if (caller.kind !== 'user') throw notAuthenticated()
        const sender = textOf(query['sender'])
        await live.openAdmin(ctx, caller, sender === '' ? null : { sender, after: numberOf(query['after']) })
        return undefined
      },
    },
  ]
}
