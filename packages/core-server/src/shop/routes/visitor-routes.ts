// What a visitor may do with a token of their own: read their conversation again, hear what is said in it, rate it.

import { randomBytes } from 'node:crypto'
import type { JsonObject, TrackerEvent } from '@tabula/protocol'
import { transcript } from '../../history/transcript.ts'
import { ApiError, badRequest } from '../../http/errors.ts'
import { notAuthenticated } from '../identify.ts'
import { isVouchedFor } from '../known-visitors.ts'
import type { Caller, PublicRoute } from '../public-route.ts'
import { KNOWN_VISITOR_BODY, RATING_BODY, VISITOR, VISITOR_MESSAGES, VISITOR_QUERY } from '../schemas.ts'
import { numberOf, textOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'
import { noConversation } from './conversation-routes.ts'

/** Random bytes of a visitor's id: as many as make it impossible to guess. */
const ID_BYTES = 16

export function visitorRoutes({
  tokens,
  visitorKey,
  store,
  assistant,
  rates,
  addressOf,
  live,
}: ShopParts): readonly PublicRoute[] {
  return [
    {
      method: 'post',
      path: '/visitors',
      access: 'open',
      tag: 'Visitors',
      summary: 'A new sender id, and a token to read its conversation with.',
      answer: VISITOR,
      status: 201,
      async handle({ ctx }) {
        rates.checkAddress(addressOf(ctx))
        const sender = `v-${randomBytes(ID_BYTES).toString('base64url')}`
        const { token, expiresAt } = await tokens.issueVisitor(sender)
        return { sender, token, expires_at: expiresAt }
      },
    },
    {
      method: 'post',
      path: '/visitors/known',
      access: 'open',
      tag: 'Visitors',
      summary: 'A token for somebody whom your page knows, and whom your server vouches for.',
      body: KNOWN_VISITOR_BODY,
      answer: VISITOR,
      status: 201,
      errors: [403],
      async handle({ ctx, body }) {
        rates.checkAddress(addressOf(ctx))
        const sender = textOf(body['user_id'])
        if (!isVouchedFor(sender, textOf(body['user_hash']), visitorKey)) throw notVouchedFor()
        const { token, expiresAt } = await tokens.issueVisitor(sender)
        return { sender, token, expires_at: expiresAt }
      },
    },
    {
      method: 'get',
      path: '/visitors/me/messages',
      access: 'visitor',
      tag: 'Visitors',
      summary:
        'What was said in one’s own conversation: the last messages, or those before or after a number.',
      query: VISITOR_QUERY,
      answer: VISITOR_MESSAGES,
      async handle({ caller, query }) {
        const sender = senderOf(caller)
        const { events } = await store.load(sender)
        return { sender, ...pageOf(transcript(events), query), paused: isPaused(events) }
      },
    },
    {
      method: 'get',
      path: '/visitors/me/live',
      access: 'visitor',
      tag: 'Visitors',
      summary: 'What is said from now on, as server-sent events.',
      description:
        '`message` is as in the list above; `state` tells with `paused` whether a person has taken over.',
      query: {
        after: { type: 'integer', minimum: -1, description: 'Messages after this number come first.' },
      },
      answer: { type: 'string' },
      answerType: 'text/event-stream',
      errors: [503],
      async handle({ ctx, caller, query }) {
        if (caller.kind !== 'visitor') throw notAuthenticated()
        await live.openVisitor(ctx, caller, numberOf(query['after']))
        return undefined
      },
    },
    {
      method: 'post',
      path: '/visitors/me/rating',
      access: 'visitor',
      tag: 'Visitors',
      summary: 'Rate the conversation, or one answer of the bot.',
      body: RATING_BODY,
      answer: null,
      errors: [503],
      async handle({ caller, body }) {
        const sender = senderOf(caller)
        if (body['score'] === undefined && body['vote'] === undefined)
          throw badRequest('A rating needs a score from 1 to 5, or a vote: up or down.', 'score')
        const { events } = await store.load(sender)
        const answers = transcript(events).filter(said => said.from !== 'user')
        const about = numberOf(body['number']) ?? answers.at(-1)?.number
        if (about === undefined || !answers.some(said => said.number === about)) throw noConversation()
        await assistant.append(sender, ratingEvents(body, about), { send: false })
      },
    },
  ]
}

function notVouchedFor(): ApiError {
  return new ApiError({
    status: 403,
    reason: 'NotAuthorized',
    message: 'user_hash should be the HMAC-SHA256 of user_id under VISITOR_KEY, in hex.',
  })
}

/** A rating is kept as slots: actions can read it, and the event log is the only place that it is in. */
function ratingEvents(body: JsonObject, about: number): readonly TrackerEvent[] {
  const { score, vote, comment } = body
  const events: TrackerEvent[] = []
  if (typeof score === 'number') events.push({ event: 'slot', name: 'csat', value: score })
  if (typeof vote === 'string') events.push({ event: 'slot', name: 'vote', value: { vote, about } })
  if (comment !== undefined && textOf(comment) !== '')
    events.push({ event: 'slot', name: 'csat_comment', value: textOf(comment) })
  return events
}

function senderOf(caller: Caller): string {
  if (caller.kind !== 'visitor') throw notAuthenticated()
  return caller.sender
}

function pageOf<Said extends { readonly number: number }>(
  said: readonly Said[],
  query: JsonObject,
): { readonly messages: readonly Said[]; readonly more: boolean } {
  const limit = numberOf(query['limit']) ?? 50
  const after = numberOf(query['after'])
  if (after !== undefined) {
    const later = said.filter(({ number }) => number > after)
    return { messages: later.slice(0, limit), more: later.length > limit }
  }
  const before = numberOf(query['before']) ?? Infinity
  const earlier = said.filter(({ number }) => number < before)
  return { messages: earlier.slice(-limit), more: earlier.length > limit }
}

/** Whether the last word on it was to pause. */
export function isPaused(events: readonly { readonly event: string }[]): boolean {
  return events.findLast(({ event }) => PAUSING.has(event))?.event === 'pause'
}

const PAUSING = new Set(['pause', 'resume', 'restart'])
