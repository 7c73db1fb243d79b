// Figures, models and the audit.

import type { PublicRoute } from '../public-route.ts'
import { AUDIT, AUDIT_QUERY, CANARY_BODY, MODELS, STATISTICS, STATISTICS_QUERY } from '../schemas.ts'
import { audit, numberOf, textOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'
import type { ModelChange } from '../../assistant/assistant.ts'
import { badRequest } from '../../http/errors.ts'
import { readPage, readTime } from './filter.ts'

const WEEK = 7 * 86_400
const LONGEST = 400 * 86_400

export function overviewRoutes(parts: ShopParts): readonly PublicRoute[] {
  const { history, now } = parts
  return [
    {
      method: 'get',
      path: '/statistics',
      access: 'viewer',
      tag: 'Overview',
      summary: 'Figures of a span of time, in whole hours.',
      query: STATISTICS_QUERY,
      answer: STATISTICS,
      async handle({ query }) {
        const to = readTime(query, 'to') ?? now()
        const from = readTime(query, 'from') ?? to - WEEK
        if (from >= to || to - from > LONGEST)
          throw badRequest('from should be before to, by at most 400 days.', 'from', 'query')
        return history.statistics(from, to)
      },
    },
    {
      method: 'get',
      path: '/audit',
      access: 'admin',
      tag: 'Overview',
      summary: 'Who did what: logins, views, exports, changes; the newest first.',
      query: AUDIT_QUERY,
      answer: AUDIT,
      async handle({ query }) {
        const { action, subject } = query
        const filter = {
          ...(typeof action === 'string' ? { action } : {}),
          ...(typeof subject === 'string' ? { subject } : {}),
        }
        return history.audits(filter, readPage(query))
      },
    },
    ...modelRoutes(parts),
  ]
}

function modelRoutes(parts: ShopParts): readonly PublicRoute[] {
  const { assistant } = parts
  const change = (
    method: 'put' | 'post' | 'delete',
    path: string,
    summary: string,
    changeOf: (body: Parameters<PublicRoute['handle']>[0]['body']) => ModelChange,
  ): PublicRoute => ({
    method,
    path,
    access: 'admin',
    tag: 'Models',
    summary,
    ...(method === 'put' ? { body: CANARY_BODY } : {}),
    answer: MODELS,
    errors: [409, 503],
    async handle({ body, caller }) {
      const asked = changeOf(body)
      await assistant.changeModels(asked)
      await audit(parts, caller, { action: `model.${asked.kind}`, details: { ...asked } })
      return assistant.models()
    },
  })
  return [
    {
      method: 'get',
      path: '/models',
      access: 'viewer',
      tag: 'Models',
      summary: 'The models that answer, and the names in the live one.',
      answer: MODELS,
      errors: [503],
      handle: async () => assistant.models(),
    },
    change('put', '/models/canary', 'Try a model out on a share of the senders.', body => ({
      kind: 'canary',
      model_file: textOf(body['model_file']),
      share: numberOf(body['share']) ?? 0,
    })),
    change('delete', '/models/canary', 'End the trial.', () => ({ kind: 'drop' })),
    change('post', '/models/canary/promote', 'Make the tried model the live one.', () => ({
      kind: 'promote',
    })),
    change('post', '/models/rollback', 'Return to the model that was live before.', () => ({
      kind: 'rollback',
    })),
  ]
}
