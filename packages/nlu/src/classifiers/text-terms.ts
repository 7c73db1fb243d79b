// What a classifier sees of a message: words, pairs of words, and pieces of 2 to 5 letters within words, weighted by TF-IDF.

import type { SparseVector } from '@tabula/ml'
import type { Message } from '../message.ts'

/** Runs of letters within a word, its edges marked: an ending is not a beginning. */
const LETTERS = { least: 2, most: 5 }
/** With so many examples, what only one of them has is noise. */
const MANY_EXAMPLES = 1000

/** Every term of the message, as often as it stands there. */
export function termsOf(message: Pick<Message, 'tokens'>): string[] {
  const terms: string[] = []
  let before = ''
  for (const { text } of message.tokens) {
    const word = normalize(text)
    terms.push(word, `${before} ${word}`)
    before = word
    const letters = Array.from(`_${word}_`)
    for (let length = LETTERS.least; length <= Math.min(LETTERS.most, letters.length); length += 1)
      for (let at = 0; at + length <= letters.length; at += 1)
        terms.push(`~${letters.slice(at, at + length).join('')}`)
  }
  return terms
}

/** Lower case; numbers are one word, as in Rasa's CountVectorsFeaturizer. */
function normalize(word: string): string {
  return /^\p{Nd}+$/u.test(word) ? '0' : word.toLowerCase()
}

export class Vocabulary {
  /** In the order of their columns. */
  readonly terms: readonly string[]
  readonly #columns: ReadonlyMap<string, number>
  readonly #idf: Float32Array

  constructor(terms: readonly string[], idf: Float32Array) {
    this.terms = terms
    this.#columns = new Map(terms.map((term, column) => [term, column]))
    this.#idf = idf
  }

  /** The vocabulary of training messages; rare terms of large data are left out. */
  static of(documents: readonly (readonly string[])[]): Vocabulary {
    const frequencies = new Map<string, number>()
    for (const terms of documents)
      for (const term of new Set(terms)) frequencies.set(term, (frequencies.get(term) ?? 0) + 1)
    const least = documents.length > MANY_EXAMPLES ? 2 : 1
    const kept = [...frequencies].filter(([, frequency]) => frequency >= least)
    const idf = Float32Array.from(
      kept,
      ([, frequency]) => 1 + Math.log((1 + documents.length) / (1 + frequency)),
    )
    return new Vocabulary(
      kept.map(([term]) => term),
      idf,
    )
  }

  get idf(): Float32Array {
    return this.#idf
  }

  /** The message's known terms as a row of length 1. */
  row(terms: readonly string[]): SparseVector {
    const counts = new Map<number, number>()
    for (const term of terms) {
      const column = this.#columns.get(term)
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1)
    }
    const indices = Uint32Array.from(counts.keys()).sort()
    const values = Float32Array.from(
      indices,
      column => (1 + Math.log(counts.get(column) ?? 1)) * (this.#idf[column] ?? 0),
    )
    return { indices, values: unitLength(values) }
  }
}

function unitLength(values: Float32Array): Float32Array {
  let sum = 0
  for (const value of values) sum += value * value
  const scale = sum === 0 ? 0 : 1 / Math.sqrt(sum)
  return values.map(value => value * scale)
}
