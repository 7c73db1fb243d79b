// A message as one sparse row: its terms, what its words mean, matched patterns, and sentence vectors of the pipeline. More than
// the config's featurizers give, never less.

import type { SparseVector } from '@tabula/ml'
import type { Message } from '../message.ts'
import { lettersOf, respell } from './spelling.ts'
import { type TermToken, unitLength, Vocabulary, wordsOf } from './text-terms.ts'
import { type WordVectors, wordVectorsFor } from './word-vectors.ts'

/** How much a matched pattern counts beside the terms, which make a row of length 1. */
const PATTERN_WEIGHT = 0.5
/** Featurizers that say the same as the terms do. */
const COUNTED_ALREADY = 'CountVectorsFeaturizer'

/** Columns of one of the pipeline's other featurizers, by origin. */
type Extra = readonly [origin: string, width: number]

export interface RowsHeader {
  /** The language of the word vectors, and which they are; null where there are none. */
  readonly vectors: { readonly language: string; readonly id: string } | null
  readonly extra: readonly Extra[]
  /** What words of the examples are written with; models of earlier versions do not say it, and take words as they stand. */
  readonly letters?: string
}

export class MessageRows {
  readonly #vocabulary: Vocabulary
  readonly #vectors: WordVectors | null
  readonly #language: string
  readonly #extra: readonly Extra[]
  readonly #letters: string

  private constructor(
    vocabulary: Vocabulary,
    vectors: WordVectors | null,
    language: string,
    extra: readonly Extra[],
    letters: string,
  ) {
    this.#vocabulary = vocabulary
    this.#vectors = vectors
    this.#language = language
    this.#extra = extra
    this.#letters = letters
  }

  static of(messages: readonly Message[], language: string): MessageRows {
    return new MessageRows(
      Vocabulary.of(messages),
      wordVectorsFor(language),
      language,
      extraFeatures(messages),
      lettersOf(messages.flatMap(wordsOf)),
    )
  }

  /** Throws an Error where the model was made with word vectors that this version no longer has. */
  static load(header: RowsHeader, hashes: Uint32Array, weights: Float32Array): MessageRows {
    const { vectors, extra, letters = '' } = header
    const own = vectors === null ? null : wordVectorsFor(vectors.language)
    if (vectors !== null && own?.id !== vectors.id)
      throw new Error(`the model was trained with other word vectors (${vectors.id}): train it again`)
    return new MessageRows(new Vocabulary(hashes, weights), own, vectors?.language ?? '', extra, letters)
  }

  get header(): RowsHeader {
    const vectors = this.#vectors === null ? null : { language: this.#language, id: this.#vectors.id }
    return { vectors, extra: this.#extra, letters: this.#letters }
  }

  get tensors(): Vocabulary['tensors'] {
    return this.#vocabulary.tensors
  }

  /** One above the last column. */
  get width(): number {
    return this.#extra.reduce((sum, [, width]) => sum + width, this.widthOfWords)
  }

  /** One above the last column of a row of words. */
  get widthOfWords(): number {
    return this.#vocabulary.size + (this.#vectors?.size ?? 0)
  }

  row(message: Message): SparseVector {
    return this.rows(message).whole
  }

  /** The message's row, and the part of it that its words give, without their stems and what other components say. */
  rows(message: Message): { readonly whole: SparseVector; readonly words: SparseVector } {
    const written = wordsOf(message)
    const meant = written.map(word => this.#meantBy(word))
    const words = this.#knownOf(plainTokens(meant), meant)
    const hasStems = message.tokens.some(({ lemma }) => lemma !== undefined)
    const known = hasStems
      ? this.#knownOf(
          message.tokens.map((token, at) => (meant[at] === written[at] ? token : { text: meant[at] ?? '' })),
          meant,
        )
      : words
    const extra = this.#extraOf(message)
    return { whole: extra.length === 0 ? known : joined([known, ...extra]), words }
  }

  rowOfWords(words: readonly string[]): SparseVector {
    const meant = words.map(word => this.#meantBy(word))
    return this.#knownOf(plainTokens(meant), meant)
  }

  /** The word, or the word of the examples that it was meant to be, where nobody knows it as it stands. */
  #meantBy(word: string): string {
    if (this.#vocabulary.weightOf(word) !== null || this.#vectors?.has(word) === true) return word
    return respell(word, this.#letters, hash => this.#vocabulary.weightOfHash(hash)) ?? word
  }

  /** Terms, and what the words mean. */
  #knownOf(tokens: readonly TermToken[], words: readonly string[]): SparseVector {
    const terms = this.#vocabulary.row(tokens)
    return this.#vectors === null
      ? terms
      : joined([terms, denseRow(this.#vocabulary.size, this.#meaningOf(words, this.#vectors))])
  }

  /** What other featurizers of the pipeline say of the message. */
  #extraOf(message: Message): SparseVector[] {
    let offset = this.widthOfWords
    return this.#extra.flatMap(([origin, width]) => {
      const own = offset
      offset += width
      const feature = message.features.find(each => each.origin === origin)
      if (feature?.dense !== undefined) return [denseRow(own, unitLength(feature.dense))]
      if (feature?.sentence === null || feature?.sentence === undefined) return []
      const { indices } = feature.sentence
      const values = new Float32Array(indices.length).fill(PATTERN_WEIGHT)
      return [{ indices: indices.map(column => own + column), values }]
    })
  }

  /** The words' vectors added up, each as much as the word counts; of length 1, or zero. */
  #meaningOf(words: readonly string[], vectors: WordVectors): Float32Array {
    const sum = new Float32Array(vectors.size)
    const unseen = this.#vocabulary.rarest
    for (const word of words) vectors.addTo(sum, word, this.#vocabulary.weightOf(word) ?? unseen)
    return unitLength(sum)
  }
}

function plainTokens(words: readonly string[]): TermToken[] {
  return words.map(text => ({ text }))
}

function extraFeatures(messages: readonly Message[]): Extra[] {
  const widths = new Map<string, number>()
  for (const { features } of messages)
    for (const { origin, width, sentence, dense } of features)
      if ((sentence !== null || dense !== undefined) && !origin.startsWith(COUNTED_ALREADY))
        widths.set(origin, width)
  return [...widths]
}

function denseRow(offset: number, values: Float32Array): SparseVector {
  return { indices: Uint32Array.from(values, (_, at) => offset + at), values }
}

function joined(parts: readonly SparseVector[]): SparseVector {
  const length = parts.reduce((sum, { indices }) => sum + indices.length, 0)
  const indices = new Uint32Array(length)
  const values = new Float32Array(length)
  let at = 0
  for (const part of parts) {
    indices.set(part.indices, at)
    values.set(part.values, at)
    at += part.indices.length
  }
  return { indices, values }
}
