// Lengths of time: `3 days`, `an hour and a half`, `half an hour`, `2 Stunden`.

import type { DucklingMatch } from './duckling-match.ts'
import type { Numeral } from './numerals.ts'

interface Unit {
  readonly name: string
  readonly seconds: number
  readonly written: RegExp
}

const unit = (name: string, seconds: number, written: string): Unit => ({
  name,
  seconds,
  written: new RegExp(`\\s{0,2}-?(?:${written})(?![\\p{L}\\p{Nd}])`, 'iuy'),
})

/** As Duckling counts: a month has 30 days, a year 365. */
const UNITS: readonly Unit[] = [
  unit('second', 1, 'seconds?|secs?|sekunden?|secondes?|segundos?|s'),
  unit('minute', 60, 'minutes?|mins?|minuten?|minutos?|minuti'),
  unit('hour', 3600, 'hours?|hrs?|h|stunden?|heures?|horas?|ore|uur'),
  unit('day', 86_400, 'days?|tage?n?|jours?|días?|dias?|giorni|dagen|dag'),
  unit('week', 604_800, 'weeks?|wochen?|semaines?|semanas?|settimane|weken|week'),
  unit('month', 2_592_000, 'months?|monate?n?|mois|mes(?:es)?|mesi|maanden?'),
  unit('quarter', 7_776_000, 'quarters?'),
  unit('year', 31_536_000, 'years?|yrs?|jahre?n?|ans?|années?|años?|anni|jaar'),
]

const PHRASES: readonly (readonly [pattern: RegExp, value: number, unit: string])[] = [
  [/half an hour|a half hour/giu, 30, 'minute'],
  [/(?:a |one )?quarter of an hour/giu, 15, 'minute'],
  [/three[- ]quarters of an hour/giu, 45, 'minute'],
  [/an hour and a half|one and a half hours?|one hour and a half/giu, 90, 'minute'],
  [/(?<![\p{L}])fortnight(?![\p{L}])/giu, 14, 'day'],
]

/** Durations as Duckling's dimension of that name. */
export function durationMatches(
  text: string,
  numerals: readonly Numeral[],
  language: string,
): DucklingMatch[] {
  const found: DucklingMatch[] = []
  const articles: Numeral[] =
    language === 'en'
      ? [...text.matchAll(/(?<![\p{L}\p{Nd}])an?(?= )/giu)].map(match => ({
          start: match.index,
          end: match.index + match[0].length,
          value: 1,
          isDigits: false,
        }))
      : []
  for (const { start, end, value, isDigits } of [...numerals, ...articles]) {
    for (const { name, seconds, written } of UNITS) {
      written.lastIndex = end
      const match = written.exec(text)
      if (match === null || (!isDigits && match[0].trim().length < 2)) continue
      found.push(toMatch(text, start, end + match[0].length, value, name, seconds))
      break
    }
  }
  if (language === 'en')
    for (const [pattern, value, name] of PHRASES)
      for (const match of text.matchAll(pattern))
        found.push(
          toMatch(
            text,
            match.index,
            match.index + match[0].length,
            value,
            name,
            name === 'day' ? 86_400 : 60,
          ),
        )
  return found
}

function toMatch(
  text: string,
  start: number,
  end: number,
  value: number,
  name: string,
  seconds: number,
): DucklingMatch {
  return {
    body: text.slice(start, end),
    start,
    end,
    dim: 'duration',
    value: {
      value,
      [name]: value,
      type: 'value',
      unit: name,
      normalized: { value: value * seconds, unit: 'second' },
    },
  }
}
