// Filters out of a query that its schema has checked.

import type { JsonObject, JsonValue } from '@tabula/protocol'
import type { ConversationFilter, Page } from '../../history/history-types.ts'
import { badRequest } from '../../http/errors.ts'

const NAMES = ['q', 'sender', 'channel', 'intent', 'action', 'tag'] as const
const NUMBERS = ['confidence_below', 'csat_at_most'] as const
const FLAGS = ['fallback', 'paused', 'thumbs_down', 'reviewed'] as const

/** Throws 400 for a time that is none. */
export function readFilter(query: JsonObject): ConversationFilter {
  const filter: Record<string, JsonValue> = {}
  for (const name of NAMES) if (typeof query[name] === 'string') filter[name] = query[name]
  for (const name of NUMBERS) if (typeof query[name] === 'number') filter[name] = query[name]
  for (const name of FLAGS) if (typeof query[name] === 'boolean') filter[name] = query[name]
  for (const name of ['from', 'to']) {
    const time = readTime(query, name)
    if (time !== undefined) filter[name] = time
  }
  return filter
}

export function readPage({ limit, cursor }: JsonObject): Page {
  return {
    limit: typeof limit === 'number' ? limit : 50,
    ...(typeof cursor === 'string' ? { cursor } : {}),
  }
}

/** Seconds since 1970, given as such or in ISO 8601. */
export function readTime(query: JsonObject, name: string): number | undefined {
  const value = query[name]
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const time = Number.isFinite(Number(value)) ? Number(value) : Date.parse(`${value}`) / 1000
  if (Number.isFinite(time)) return time
  throw badRequest(
    `${name} should be seconds since 1970, or a time like 2026-11-24T10:00:00Z.`,
    name,
    'query',
  )
}
