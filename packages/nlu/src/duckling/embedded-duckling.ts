// A Duckling inside this process: its dimensions and its JSON, by chrono-node for times and small rules for the rest.
// What real Duckling finds beyond it, docs/understanding.md lists; a project that needs all of it sets `url`.

import { cardMatches, emailMatches, phoneMatches, urlMatches } from './contacts.ts'
import { type DucklingMatch, keepWinners } from './duckling-match.ts'
import { durationMatches } from './durations.ts'
import { measureMatches } from './measures.ts'
import { findNumerals, numberMatches, ordinalMatches } from './numerals.ts'
import { timeMatches } from './times.ts'

export interface DucklingOptions {
  /** As `en_GB`, or a language alone. */
  readonly locale: string
  readonly timezone: string
  /** What `now` is, in milliseconds since 1970. */
  readonly reference: number
  /** Only these dimensions; all where null. */
  readonly dimensions: readonly string[] | null
}

/** What Duckling would answer to the text: matches in its order, offsets in UTF-16 units. */
export function parseDuckling(text: string, options: DucklingOptions): DucklingMatch[] {
  const { timezone, reference, dimensions } = options
  const [language = 'en', region = null] = options.locale.split(/[_-]/)
  const wants = (dim: string): boolean => dimensions === null || dimensions.includes(dim)
  const numerals = findNumerals(text, language)
  const found = [
    ...numberMatches(text, numerals),
    ...ordinalMatches(text, language),
    ...measureMatches(text, numerals, language),
    ...durationMatches(text, numerals, language),
    ...emailMatches(text),
    ...urlMatches(text),
    ...phoneMatches(text),
    ...cardMatches(text),
  ].filter(({ dim }) => wants(dim))
  // Only where it is asked for: finding times takes longer than all the rest.
  const times = wants('time') ? timeMatches(text, { language, region, timezone, reference }) : []
  return keepWinners([...times, ...found])
}
