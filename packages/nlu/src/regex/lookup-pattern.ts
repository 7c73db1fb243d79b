// A lookup table as a pattern: tens of thousands of words cost a message no more than a few do.

import { foldCase, isBoundary } from './fold.ts'
import type { Pattern, PatternMatch } from './pattern.ts'

export interface LookupOptions {
  readonly ignoreCase: boolean
  /** Whether a word must stand between word boundaries. */
  readonly boundaries: boolean
}

/** Matches as the expression `\bone\b|\btwo\b` would: leftmost, and among words at one place the first of the table. */
export function createLookupPattern(elements: readonly string[], options: LookupOptions): Pattern {
  const fold = options.ignoreCase ? foldCase : (text: string) => text
  const places = new Map<string, number>()
  elements.forEach((element, place) => {
    const key = fold(element)
    if (!places.has(key)) places.set(key, place)
  })
  const lengths = [...new Set(Array.from(places.keys(), key => key.length))]
  const fits = (text: string, start: number, end: number): boolean =>
    !options.boundaries || (isBoundary(text, start) && isBoundary(text, end))

  function endAt(text: string, folded: string, start: number): number | null {
    if (options.boundaries && !isBoundary(text, start)) return null
    let best = Infinity
    let end: number | null = null
    for (const length of lengths) {
      if (start + length > text.length) continue
      const place = places.get(folded.slice(start, start + length))
      if (place === undefined || place >= best || !fits(text, start, start + length)) continue
      best = place
      end = start + length
    }
    return end
  }

  function* find(text: string): Generator<PatternMatch> {
    const folded = fold(text)
    for (let start = 0; start <= text.length;) {
      const end = endAt(text, folded, start)
      if (end !== null) yield { start, end, groups: [] }
      start = end !== null && end > start ? end : start + 1
    }
  }

  return {
    source: '',
    groupCount: 0,
    engine: 'text',
    withinLine: false,
    matches: text => [...find(text)],
    test: text => find(text).next().done !== true,
  }
}
