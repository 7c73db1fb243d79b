// What a classifier sees of a message: words, pairs of words, and pieces of 3 and 4 letters within words, weighted by TF-IDF.

import {
  addUnit,
  finishHash,
  HashIndex,
  hashWord,
  LETTERS_SEED,
  PAIR_SEED,
  type SparseVector,
  WORD_SEED,
} from '@tabula/ml'
import type { Message, Token } from '../message.ts'

/** What is read of a token. */
export type TermToken = Pick<Token, 'text' | 'lemma'>

/** Runs of letters within a word, its edges marked: an ending is not a beginning. */
const LETTERS = { least: 3, most: 4 }
/** How much a piece of a word counts beside words and pairs, which count 1. */
const LETTERS_WEIGHT = 0.85
const EDGE = 0x5f
const SPACE = 0x20
/** With so many examples, what only one of them has is noise. */
const MANY_EXAMPLES = 1000

/** The words of a message as the learner knows them: in lower case; numbers are one word, as in Rasa's CountVectorsFeaturizer. */
export function wordsOf({ tokens }: { readonly tokens: readonly TermToken[] }): string[] {
  return tokens.map(({ text }) => (/^\p{Nd}+$/u.test(text) ? '0' : text.toLowerCase()))
}

/** Calls `take` with every term of the message, as often as it stands there, and how much its kind counts. */
export function eachTerm(tokens: readonly TermToken[], take: (hash: number, weight: number) => void): void {
  let before = ''
  for (const [place, word] of wordsOf({ tokens }).entries()) {
    take(hashWord(word), 1)
    const lemma = tokens[place]?.lemma
    if (lemma !== undefined && lemma !== word) take(hashWord(lemma.toLowerCase()), 1)
    take(hashPair(before, word), 1)
    before = word
    const length = word.length + 2
    for (let start = 0; start + LETTERS.least <= length; start += 1) {
      let hash = LETTERS_SEED
      const end = Math.min(start + LETTERS.most, length)
      for (let at = start; at < end; at += 1) {
        hash = addUnit(hash, at === 0 || at === length - 1 ? EDGE : word.charCodeAt(at - 1))
        if (at - start + 1 >= LETTERS.least) take(finishHash(hash), LETTERS_WEIGHT)
      }
    }
  }
}

function hashPair(before: string, word: string): number {
  let hash = PAIR_SEED
  for (let at = 0; at < before.length; at += 1) hash = addUnit(hash, before.charCodeAt(at))
  hash = addUnit(hash, SPACE)
  for (let at = 0; at < word.length; at += 1) hash = addUnit(hash, word.charCodeAt(at))
  return finishHash(hash ^ WORD_SEED)
}

/** Terms of training messages as columns, and how much each counts. */
export class Vocabulary {
  /** How much a word counts that no example has. */
  readonly rarest: number
  readonly #index: HashIndex
  readonly #weights: Float32Array
  /** Of the message at hand, by column; zero between messages. */
  readonly #counts: Uint16Array

  constructor(hashes: Uint32Array, weights: Float32Array) {
    this.#index = new HashIndex(hashes)
    this.#weights = weights
    this.#counts = new Uint16Array(hashes.length)
    this.rarest = weights.reduce((highest, weight) => Math.max(highest, weight), 1)
  }

  /** The vocabulary of training messages; rare terms of large data are left out. */
  static of(messages: readonly Pick<Message, 'tokens'>[]): Vocabulary {
    const places = new Map<number, number>()
    const frequencies: number[] = []
    const kinds: number[] = []
    const lastSeen: number[] = []
    for (const [document, { tokens }] of messages.entries())
      eachTerm(tokens, (hash, weight) => {
        let place = places.get(hash)
        if (place === undefined) {
          place = frequencies.length
          places.set(hash, place)
          frequencies.push(0)
          kinds.push(weight)
          lastSeen.push(-1)
        }
        if (lastSeen[place] === document) return
        lastSeen[place] = document
        frequencies[place] = (frequencies[place] ?? 0) + 1
      })
    const least = messages.length > MANY_EXAMPLES ? 2 : 1
    const kept = [...places].filter(([, place]) => (frequencies[place] ?? 0) >= least)
    return new Vocabulary(
      Uint32Array.from(kept, ([hash]) => hash),
      Float32Array.from(
        kept,
        ([, place]) =>
          (kinds[place] ?? 1) * (1 + Math.log((1 + messages.length) / (1 + (frequencies[place] ?? 0)))),
      ),
    )
  }

  get size(): number {
    return this.#weights.length
  }

  get tensors(): { readonly hashes: Uint32Array; readonly weights: Float32Array } {
    return { hashes: this.#index.hashes, weights: this.#weights }
  }

  /** How much a word counts, or null where no example has it. */
  weightOf(word: string): number | null {
    return this.weightOfHash(hashWord(word))
  }

  /** As weightOf, by the word's hash. */
  weightOfHash(hash: number): number | null {
    const column = this.#index.find(hash)
    return column < 0 ? null : (this.#weights[column] ?? null)
  }

  /** The message's known terms as a row of length 1. */
  row(tokens: readonly TermToken[]): SparseVector {
    const counts = this.#counts
    const touched: number[] = []
    eachTerm(tokens, hash => {
      const column = this.#index.find(hash)
      if (column < 0) return
      if (counts[column] === 0) touched.push(column)
      counts[column] = Math.min((counts[column] ?? 0) + 1, 0xffff)
    })
    const indices = Uint32Array.from(touched).sort()
    const values = Float32Array.from(
      indices,
      column => (1 + Math.log(counts[column] ?? 1)) * (this.#weights[column] ?? 0),
    )
    for (const column of touched) counts[column] = 0
    return { indices, values: unitLength(values) }
  }
}

/** The numbers over the length of their vector; zero stays zero. */
export function unitLength(values: Float32Array): Float32Array {
  let sum = 0
  for (const value of values) sum += value * value
  const scale = sum === 0 ? 0 : 1 / Math.sqrt(sum)
  return values.map(value => value * scale)
}
