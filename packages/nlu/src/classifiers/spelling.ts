// The known word that a mistyped one was meant to be: one with a letter lost, added, exchanged, or two that changed places.

import { addUnit, finishHash, WORD_SEED } from '@tabula/ml'

/** Shorter words are near to too many others; longer ones are no words, and take long to look at. */
const LENGTH = { least: 4, most: 30 }
const LETTER = /[\p{L}\p{M}'’]/u
const NUMBER = /\p{N}/u
/** More are no alphabet: where a sign is a syllable or a word, slips are of another kind. */
const MOST_LETTERS = 64

/** What the words are written with, the most common letters first. */
export function lettersOf(words: Iterable<string>): string {
  const counts = new Map<string, number>()
  for (const word of words)
    for (let at = 0; at < word.length; at += 1) {
      const letter = word.charAt(at)
      if (LETTER.test(letter)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
  const common = [...counts].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
  return common
    .slice(0, MOST_LETTERS)
    .map(([letter]) => letter)
    .join('')
}

/**
 * The likeliest known word that is one slip away, or null. Its first letter is the same: people get that one right, and it
 * tells many words apart. `costOf` says of a word's hash how rare the word is, null where it is not known.
 */
export function respell(
  word: string,
  letters: string,
  costOf: (hash: number) => number | null,
): string | null {
  const { length } = word
  if (length < LENGTH.least || length > LENGTH.most || NUMBER.test(word)) return null
  let likeliest: string | null = null
  let lowest = Infinity
  let before = WORD_SEED
  let place = 0
  /** With `middle` in place of what stands from here to `rest`. */
  const consider = (rest: number, middle: string): void => {
    let hash = before
    for (let at = 0; at < middle.length; at += 1) hash = addUnit(hash, middle.charCodeAt(at))
    for (let at = rest; at < length; at += 1) hash = addUnit(hash, word.charCodeAt(at))
    const cost = costOf(finishHash(hash))
    if (cost === null || cost >= lowest) return
    lowest = cost
    likeliest = word.slice(0, place) + middle + word.slice(rest)
  }
  while (place < length) {
    before = addUnit(before, word.charCodeAt(place))
    place += 1
    if (place < length) consider(place + 1, '')
    if (place + 1 < length) consider(place + 2, word.charAt(place + 1) + word.charAt(place))
    for (let index = 0; index < letters.length; index += 1) {
      const letter = letters.charAt(index)
      consider(place, letter)
      if (place < length) consider(place + 1, letter)
    }
  }
  return likeliest
}
