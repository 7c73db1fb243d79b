// Which known text is nearest to a new one: cosine over TF-IDF of words and of character triples inside words.

import { splitIntoTokens } from '../tokenizers/whitespace-tokenizer.ts'

export interface NearestText {
  /** Cosine from 0 to 1 of the new text to each known one, in their order. */
  similarities(text: string): Float64Array
}

/** Built from known texts; the same texts give the same index. */
export function createNearestText(texts: readonly string[]): NearestText {
  const documents = texts.map(countTerms)
  const frequency = new Map<string, number>()
  for (const terms of documents)
    for (const term of terms.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  const weigh = (terms: ReadonlyMap<string, number>): Map<string, number> => {
    const weighted = new Map<string, number>()
    let sum = 0
    for (const [term, count] of terms) {
      const seen = frequency.get(term)
      if (seen === undefined) continue
      const weight = (1 + Math.log(count)) * (1 + Math.log((1 + texts.length) / (1 + seen)))
      weighted.set(term, weight)
      sum += weight * weight
    }
    const length = Math.sqrt(sum)
    for (const [term, weight] of weighted) weighted.set(term, weight / length)
    return weighted
  }
  const postings = new Map<string, { text: number; weight: number }[]>()
  documents.forEach((terms, text) => {
    for (const [term, weight] of weigh(terms)) {
      const list = postings.get(term)
      if (list === undefined) postings.set(term, [{ text, weight }])
      else list.push({ text, weight })
    }
  })
  return {
    similarities(text) {
      const sums = new Float64Array(texts.length)
      for (const [term, weight] of weigh(countTerms(text))) {
        for (const posting of postings.get(term) ?? []) {
          sums[posting.text] = (sums[posting.text] ?? 0) + weight * posting.weight
        }
      }
      return sums
    },
  }
}

function countTerms(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (term: string): void => {
    counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  for (const token of splitIntoTokens(text.toLowerCase())) {
    add(`w ${token.text}`)
    const padded = ` ${token.text} `
    for (let at = 0; at + 3 <= padded.length; at += 1) add(`c ${padded.slice(at, at + 3)}`)
  }
  return counts
}
