// What Duckling answers: a place in the text, a dimension, and a value whose shape is the dimension's.

import type { JsonObject } from '@tabula/protocol'

/** The dimensions that the embedded Duckling finds, by Duckling's names. */
export const DIMENSIONS = [
  'amount-of-money',
  'credit-card-number',
  'distance',
  'duration',
  'email',
  'number',
  'ordinal',
  'phone-number',
  'quantity',
  'temperature',
  'time',
  'url',
  'volume',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** One entry of Duckling's answer; offsets are UTF-16 units here. */
export interface DucklingMatch {
  readonly body: string
  readonly start: number
  readonly end: number
  readonly dim: string
  readonly value: JsonObject
}

/**
 * The matches that Duckling keeps, in the order of the text: one that lies within another is dropped, whichever their
 * dimensions; those that overlap in part, or cover the same place in different dimensions, all stay.
 */
export function keepWinners(matches: readonly DucklingMatch[]): DucklingMatch[] {
  const contains = (outer: DucklingMatch, inner: DucklingMatch): boolean =>
    outer.start <= inner.start && outer.end >= inner.end && outer.end - outer.start > inner.end - inner.start
  const isRepeated = (match: DucklingMatch, place: number): boolean =>
    matches.findIndex(
      ({ start, end, dim }) => start === match.start && end === match.end && dim === match.dim,
    ) < place
  return matches
    .filter((match, place) => !isRepeated(match, place) && !matches.some(other => contains(other, match)))
    .toSorted((a, b) => a.start - b.start || a.end - b.end || (a.dim < b.dim ? -1 : 1))
}
