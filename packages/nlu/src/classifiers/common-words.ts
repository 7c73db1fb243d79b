// The words of a language from the most common to the rarer, as they come with the package (data/README.md).

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '@tabula/ml'

/** How often a word is said falls with its rank (Zipf); here somewhat slower, so that rare words have their turn. */
const FALL = 0.75

/** Gives random words of a language, common ones more often; null where its words are not known. */
export function drawWords(language: string, random: Random): (() => string) | null {
  const words = commonWords(language)
  if (words === null) return null
  const sums = new Float64Array(words.length)
  let sum = 0
  for (let rank = 0; rank < words.length; rank += 1) {
    sum += (rank + 1) ** -FALL
    sums[rank] = sum
  }
  return () => {
    const wanted = random() * sum
    let [from, to] = [0, words.length - 1]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((sums[middle] ?? 0) < wanted) from = middle + 1
      else to = middle
    }
    return words[from] ?? ''
  }
}

const known = new Map<string, readonly string[] | null>()

function commonWords(language: string): readonly string[] | null {
  const name = language.split(/[_-]/)[0]?.toLowerCase() ?? ''
  let words = known.get(name)
  if (words === undefined) {
    const file = join(import.meta.dirname, '..', '..', 'data', `common-words-${name}.txt`)
    const isThere = /^[a-z]+$/.test(name) && existsSync(file)
    words = isThere ? readFileSync(file, 'utf8').trim().split('\n') : null
    known.set(name, words)
  }
  return words
}
