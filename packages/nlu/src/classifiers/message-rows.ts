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

/** A message's row, and the part of it that its words give, without their stems and what other components say. */
interface Rows {
  readonly whole: SparseVector
  readonly words: SparseVector
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

  /** The row of an example, whose words are meant as they stand. */
  rowOfExample(message: Message): SparseVector {
    return this.#rows(message, wordsOf(message)).whole
  }

  /** The row of an example's words, without their stems and what other components say. */
  rowOfWords(words: readonly string[]): SparseVector {
    return this.#knownOf(plainTokens(words), words)
  }

  /** The row of a message, and the part of it that its words give; mistyped words are read as those that were meant. */
  rows(message: Message): Rows {
    return this.#rows(
      message,
      wordsOf(message).map(word => this.#meantBy(word)),
    )
  }

  #rows(message: Message, meant: readonly string[]): Rows {
    const words = this.rowOfWords(meant)
    const { tokens } = message
    const written = wordsOf(message)
    const known = tokens.some(({ lemma }) => lemma !== undefined)
      ? this.#knownOf(
          tokens.map((token, at) => (meant[at] === written[at] ? token : { text: meant[at] ?? '' })),
          meant,
        )
      : words
    const extra = this.#extraOf(message)
    return { whole: extra.length === 0 ? known : joined([known, ...extra]), words }
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
