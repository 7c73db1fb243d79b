// Query parameters as Rasa reads them: the first of several counts, an empty one is none, and what is no number or flag is
// silently the default.

import type { Context } from 'koa'
import { EVENT_VERBOSITIES } from '@tabula/protocol'
import type { EventVerbosity } from '@tabula/protocol'
import { badRequest } from './errors.ts'

export function textArgument(ctx: Context, name: string): string | undefined {
  const value = ctx.query[name]
  if (Array.isArray(value)) return value.find(text => text !== '')
  return value === '' ? undefined : value
}

/** True only for the word `true`, in any case; the fallback where the parameter is missing. */
export function flagArgument(ctx: Context, name: string, fallback = false): boolean {
  const value = textArgument(ctx, name)
  return value === undefined ? fallback : value.toLowerCase() === 'true'
}

/** What Python's int() reads. */
export function integerArgument(ctx: Context, name: string): number | undefined {
  const text = textArgument(ctx, name)?.trim().replaceAll(BETWEEN_DIGITS, '')
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}

const BETWEEN_DIGITS = /(?<=\d)_(?=\d)/g

/** A time as Python's float() reads it. Nothing was before `nan`, in Python: here that is -Infinity. */
export function timeArgument(ctx: Context, name: string): number | undefined {
  const text = textArgument(ctx, name)?.trim().replaceAll(BETWEEN_DIGITS, '') ?? ''
  if (/^[+-]?nan$/i.test(text)) return -Infinity
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text)
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

/** `include_events` in any case; throws 400 on another word. */
export function eventVerbosity(ctx: Context): EventVerbosity {
  const asked = textArgument(ctx, 'include_events')?.toUpperCase() ?? 'AFTER_RESTART'
  const verbosity = EVENT_VERBOSITIES.find(name => name === asked)
  if (verbosity === undefined) {
    throw badRequest(
      `include_events is ${asked}. It should be one of ${EVENT_VERBOSITIES.join(', ')}.`,
      'include_events',
      'query',
    )
  }
  return verbosity
}
