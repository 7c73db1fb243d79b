// Points and spans of time, found by chrono-node in the language of the text, as Duckling writes them.

import type { JsonObject } from '@tabula/protocol'
import { requirePackage } from '../optional-package.ts'
import type { DucklingMatch } from './duckling-match.ts'

/** What is used of chrono-node's parsers, one a language. */
interface ChronoLocale {
  readonly casual: Chrono
  readonly GB?: Chrono
}
interface Chrono {
  parse(text: string, reference: unknown, options: { readonly forwardDate: boolean }): readonly ChronoResult[]
}
interface ChronoResult {
  readonly index: number
  readonly text: string
  readonly start: ChronoParts
  readonly end: ChronoParts | null
}
interface ChronoParts {
  get(part: string): number | null
  isCertain(part: string): boolean
  date(): Date
}

export interface TimeOptions {
  readonly language: string
  /** Of the locale, as `GB` in en_GB: it decides whether 3/4 is in March or in April. */
  readonly region: string | null
  /** An IANA name, as Europe/Berlin. */
  readonly timezone: string
  /** What `now` is, in milliseconds since 1970. */
  readonly reference: number
}

const LANGUAGES = new Set('ar de en es fi fr id it ja nl pt ru sv uk vi zh'.split(' '))
/** English-speaking regions that write the month first. */
const MONTH_FIRST = new Set(['US', 'PH'])

/** Times as Duckling's dimension of that name; none in a language that chrono-node does not know. */
export function timeMatches(text: string, options: TimeOptions): DucklingMatch[] {
  const language = LANGUAGES.has(options.language) ? options.language : null
  if (language === null) return []
  const locale = requirePackage(`chrono-node/${language}`, 'DucklingEntityExtractor') as ChronoLocale
  const isDayFirst = language === 'en' && options.region !== null && !MONTH_FIRST.has(options.region)
  const chrono = (isDayFirst ? locale.GB : undefined) ?? locale.casual
  const instant = new Date(options.reference)
  const reference = { instant, timezone: offsetMinutes(options.reference, options.timezone) }
  return chrono.parse(text, reference, { forwardDate: true }).flatMap(result => {
    const body = result.text.replace(/[\s,.]+$/, '')
    const value = toValue(body, result, options.timezone)
    return [{ body, start: result.index, end: result.index + body.length, dim: 'time', value }]
  })
}

interface Instant {
  readonly value: string
  readonly grain: string
}

function toValue(text: string, { start, end }: ChronoResult, timezone: string): JsonObject {
  const from = toInstant(text, start, timezone)
  if (end === null) {
    const value = { value: from.value, grain: from.grain, type: 'value' }
    return { values: [value], ...value }
  }
  // Duckling's intervals end where the last unit is over.
  const last = toInstant(text, end, timezone, 1)
  const value = {
    to: { value: last.value, grain: last.grain },
    from: { value: from.value, grain: from.grain },
    type: 'interval',
  }
  return { values: [value], ...value }
}

function toInstant(text: string, parts: ChronoParts, timezone: string, more = 0): Instant {
  const grain = grainOf(text, parts)
  const at = (part: string): number => parts.get(part) ?? 0
  if (parts.isCertain('timezoneOffset') && !parts.isCertain('day') && parts.isCertain('hour'))
    return { value: formatLocal(wallClock(parts.date().getTime(), timezone), timezone), grain }
  const fields: WallClock = {
    year: at('year'),
    month: ['year'].includes(grain) ? 1 : at('month'),
    day: grain === 'month' || grain === 'year' ? 1 : at('day'),
    hour: isClock(grain) ? at('hour') : 0,
    minute: grain === 'minute' || grain === 'second' ? at('minute') : 0,
    second: grain === 'second' ? at('second') : 0,
  }
  const whole = grain === 'week' ? startOfWeek(fields) : fields
  return { value: formatLocal(more === 0 ? whole : addGrain(whole, grain, more), timezone), grain }
}

function isClock(grain: string): boolean {
  return grain === 'hour' || grain === 'minute' || grain === 'second'
}

/** The smallest part that the text says. */
function grainOf(text: string, parts: ChronoParts): string {
  if (parts.isCertain('second')) return /\d:\d\d:\d\d|\b(?:sec|now)/i.test(text) ? 'second' : 'minute'
  if (parts.isCertain('minute'))
    return parts.get('minute') === 0 && !/\d[:.h]\d\d|min/i.test(text) ? 'hour' : 'minute'
  if (parts.isCertain('hour')) return 'hour'
  if (/\b(?:week|woche|semaine|semana|settimana)/i.test(text) && !parts.isCertain('weekday')) return 'week'
  if (/\b(?:month|monat|mois|mes|mese)\b/i.test(text)) return 'month'
  if (parts.isCertain('day') || parts.isCertain('weekday'))
    return /\byear\b/i.test(text) && !/\d/.test(text) ? 'year' : 'day'
  if (parts.isCertain('month')) return 'month'
  return parts.isCertain('year') ? 'year' : 'hour'
}

interface WallClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

function toUtc({ year, month, day, hour, minute, second }: WallClock): number {
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function fromUtc(time: number): WallClock {
  const date = new Date(time)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
}

function wallClock(time: number, timezone: string): WallClock {
  return fromUtc(time + offsetMinutes(time, timezone) * 60_000)
}

/** Weeks begin on Monday, as in Duckling. */
function startOfWeek(fields: WallClock): WallClock {
  const time = toUtc({ ...fields, hour: 0, minute: 0, second: 0 })
  return fromUtc(time - ((new Date(time).getUTCDay() + 6) % 7) * 86_400_000)
}

function addGrain(fields: WallClock, grain: string, count: number): WallClock {
  if (grain === 'year') return fromUtc(Date.UTC(fields.year + count, 0, 1))
  if (grain === 'month') return fromUtc(Date.UTC(fields.year, fields.month - 1 + count, 1))
  const seconds: Readonly<Record<string, number>> = {
    week: 604_800,
    day: 86_400,
    hour: 3600,
    minute: 60,
    second: 1,
  }
  return fromUtc(toUtc(fields) + (seconds[grain] ?? 1) * 1000 * count)
}

/** `2026-12-04T17:00:00.000+01:00`: the time of the wall clock, with the zone's offset at that time. */
function formatLocal(fields: WallClock, timezone: string): string {
  const utc = toUtc(fields)
  // The offset at the local time read as UTC is off by one change of clocks at most; the second try is right.
  const first = offsetMinutes(utc, timezone)
  const offset = offsetMinutes(utc - first * 60_000, timezone)
  const sign = offset < 0 ? '-' : '+'
  const two = (value: number): string => String(value).padStart(2, '0')
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
  return `${new Date(utc).toISOString().slice(0, -1)}${zone}`
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** Minutes that the zone is ahead of UTC at a time. Throws RangeError for a zone that there is not. */
export function offsetMinutes(time: number, timezone: string): number {
  let format = FORMATS.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    FORMATS.set(timezone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(time)) part[type] = Number(value)
  const local = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  )
  return Math.round((local - Math.floor(time / 1000) * 1000) / 60_000)
}
