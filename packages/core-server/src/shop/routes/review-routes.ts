// What reviewers add to conversations: tags, notes, and what misunderstood messages mean.

import type { JsonObject, JsonValue } from '@tabula/protocol'
import type {
  Label,
  LabelledEntity,
  MisunderstoodReason,
  MisunderstoodState,
} from '../../history/history-types.ts'
import { MISUNDERSTOOD_REASONS, MISUNDERSTOOD_STATES } from '../../history/history-types.ts'
import { trainingPatch } from '../../history/training-patch.ts'
import { ApiError, badRequest } from '../../http/errors.ts'
import { sendFile } from '../exports.ts'
import type { PublicRoute } from '../public-route.ts'
import {
  LABEL_BODY,
  MISUNDERSTOOD,
  MISUNDERSTOOD_MESSAGE,
  MISUNDERSTOOD_QUERY,
  REVIEW_BODY,
  SUMMARY,
  TAGS,
  TAGS_BODY,
} from '../schemas.ts'
import { audit, textOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'
import { noConversation } from './conversation-routes.ts'
import { readPage } from './filter.ts'

export function reviewRoutes(parts: ShopParts): readonly PublicRoute[] {
  const { history } = parts
  return [
    {
      method: 'get',
      path: '/tags',
      access: 'viewer',
      tag: 'Review',
      summary: 'The tags in use.',
      answer: TAGS,
      handle: async () => ({ tags: await history.tags() }),
    },
    {
      method: 'put',
      path: '/conversations/{sender}/tags',
      access: 'reviewer',
      tag: 'Review',
      summary: 'Replace the tags of a conversation.',
      body: TAGS_BODY,
      answer: SUMMARY,
      async handle({ path: { sender = '' }, body: { tags } }) {
        const names = namesOf(tags)
        if (!(await history.setTags(sender, [...new Set(names)]))) throw noConversation()
        return history.find(sender)
      },
    },
    {
      method: 'put',
      path: '/conversations/{sender}/review',
      access: 'reviewer',
      tag: 'Review',
      summary: 'Mark a conversation as reviewed, or write a note to it.',
      body: REVIEW_BODY,
      answer: SUMMARY,
      async handle({ path: { sender = '' }, body: { reviewed, note } }) {
        const review = {
          ...(typeof reviewed === 'boolean' ? { reviewed } : {}),
          ...(note === undefined ? {} : { note: typeof note === 'string' ? note : null }),
        }
        if (!(await history.setReview(sender, review))) throw noConversation()
        return history.find(sender)
      },
    },
    {
      method: 'get',
      path: '/misunderstood',
      access: 'viewer',
      tag: 'Review',
      summary:
        'Messages of low confidence, with a fallback, or that the answer was not liked of; the newest first.',
      query: MISUNDERSTOOD_QUERY,
      answer: MISUNDERSTOOD,
      async handle({ query }) {
        const state = MISUNDERSTOOD_STATES.find(known => known === query['state'])
        const reason = MISUNDERSTOOD_REASONS.find(known => known === query['reason'])
        return history.misunderstood(filterOf(state, reason), readPage(query))
      },
    },
    {
      method: 'get',
      path: '/misunderstood/export',
      access: 'reviewer',
      tag: 'Review',
      summary: 'The labelled messages that are done, as training data: a file nlu.yml to add to a project.',
      answer: { type: 'string' },
      answerType: 'application/yaml',
      async handle({ ctx }) {
        sendFile(ctx, 'nlu.yml', trainingPatch(await history.labelled()))
        return undefined
      },
    },
    {
      method: 'put',
      path: '/misunderstood/{id}',
      access: 'reviewer',
      tag: 'Review',
      summary: 'Say what a message means, or put it aside.',
      body: LABEL_BODY,
      answer: MISUNDERSTOOD_MESSAGE,
      async handle({ path: { id = '' }, body, caller }) {
        const state = MISUNDERSTOOD_STATES.find(known => known === body['state']) ?? 'new'
        const label = readLabel(body['label'])
        if (state === 'done' && label === null)
          throw badRequest('A message that is done needs a label: {"intent": "..."}.', 'label')
        const by = caller.kind === 'user' ? caller.email : ''
        const message = /^\d{1,15}$/.test(id) ? await history.label(Number(id), { state, label, by }) : null
        if (message === null)
          throw new ApiError({ status: 404, reason: 'NotFound', message: 'There is no such message.' })
        await audit(parts, caller, { action: 'misunderstood.label', subject: id, details: { state } })
        return message
      },
    },
  ]
}

function namesOf(tags: JsonValue | undefined): readonly string[] {
  const names = Array.isArray(tags) ? (tags as readonly JsonValue[]) : []
  return names.map(tag => textOf(tag).trim()).filter(tag => tag !== '')
}

function filterOf(
  state: MisunderstoodState | undefined,
  reason: MisunderstoodReason | undefined,
): { readonly state?: MisunderstoodState; readonly reason?: MisunderstoodReason } {
  return { ...(state === undefined ? {} : { state }), ...(reason === undefined ? {} : { reason }) }
}

function readLabel(value: JsonValue | undefined): Label | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  const { intent, entities = [] } = value as JsonObject
  // The schema has checked each of them.
  return { intent: textOf(intent), entities: entities as unknown as readonly LabelledEntity[] }
}
