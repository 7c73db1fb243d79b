// Bag of words, or of letters, for each token and for the sentence: scikit-learn's CountVectorizer as Rasa sets it up.

import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'
import type { Features, Message, SparseRow, Token } from '../message.ts'
import { type CountOptions, readCountOptions, termsOfText } from './count-terms.ts'

const NAME = 'CountVectorsFeaturizer'

export const countVectorsFeaturizer: ComponentType = {
  name: NAME,
  kinds: ['featurizer'],
  requires: ['tokenizer'],
  defaults: {
    use_shared_vocab: false,
    analyzer: 'word',
    strip_accents: null,
    stop_words: null,
    min_df: 1,
    max_df: 1,
    min_ngram: 1,
    max_ngram: 1,
    max_features: null,
    lowercase: true,
    OOV_token: null,
    OOV_words: [],
    use_lemma: true,
    token_pattern: null,
    additional_vocabulary_size: null,
    alias: null,
  },
  create: (options, context) => createFeaturizer(options, context.index, new Map()),
  load: ({ header }, options, context) => {
    const terms = (header['terms'] as readonly string[] | undefined) ?? []
    return createFeaturizer(options, context.index, new Map(terms.map((term, column) => [term, column])))
  },
}

function createFeaturizer(
  options: JsonObject,
  index: number,
  loaded: ReadonlyMap<string, number>,
): Component {
  const settings = readCountOptions(options)
  let columns = loaded
  return {
    train(messages) {
      columns = vocabularyOf(messages, settings, options)
    },
    process(message) {
      if (columns.size > 0 && message.tokens.length > 0)
        message.features.push(new CountFeatures(`${NAME}.${index}`, message, columns, settings))
    },
    save: () => ({ header: { terms: [...columns.keys()] }, tensors: {} }),
  }
}

/** Counts terms when somebody asks: classifiers with features of their own never do. */
class CountFeatures implements Features {
  readonly origin: string
  readonly width: number
  readonly #tokens: readonly Token[]
  readonly #columns: ReadonlyMap<string, number>
  readonly #settings: CountOptions

  constructor(
    origin: string,
    { tokens }: Message,
    columns: ReadonlyMap<string, number>,
    settings: CountOptions,
  ) {
    this.origin = origin
    this.width = columns.size
    this.#tokens = tokens
    this.#columns = columns
    this.#settings = settings
  }

  get sequence(): readonly SparseRow[] {
    return this.#tokens.map(token => this.#count([token]))
  }

  get sentence(): SparseRow {
    return this.#count(this.#tokens)
  }

  #count(tokens: readonly Token[]): SparseRow {
    const counts = new Map<number, number>()
    for (const term of termsOfText(tokens, this.#settings, this.#columns)) {
      const column = this.#columns.get(term)
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1)
    }
    const indices = Uint32Array.from(counts.keys()).sort()
    return { indices, values: Float32Array.from(indices, column => counts.get(column) ?? 0) }
  }
}

/** The terms that are neither too rare nor too common, sorted; of too many the most frequent. */
function vocabularyOf(
  messages: readonly Message[],
  settings: CountOptions,
  options: JsonObject,
): ReadonlyMap<string, number> {
  const documents = new Map<string, number>()
  const totals = new Map<string, number>()
  for (const { tokens } of messages) {
    const terms = termsOfText(tokens, settings, null)
    for (const term of new Set(terms)) documents.set(term, (documents.get(term) ?? 0) + 1)
    for (const term of terms) totals.set(term, (totals.get(term) ?? 0) + 1)
  }
  // As in scikit-learn a fraction of the documents where the option is no whole number, or 1.0 for max_df.
  const least = threshold(options['min_df'], messages.length, 1)
  const most =
    options['max_df'] === 1 ? messages.length : threshold(options['max_df'], messages.length, messages.length)
  const kept = [...documents].filter(([, count]) => count >= least && count <= most).map(([term]) => term)
  const limit = options['max_features']
  const chosen =
    typeof limit === 'number' && kept.length > limit
      ? kept
          .toSorted((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0) || (a < b ? -1 : 1))
          .slice(0, limit)
      : kept
  const oov = settings.oovToken
  if (oov !== null && chosen.length > 0 && !chosen.includes(oov)) chosen.push(oov)
  return new Map(chosen.sort().map((term, column) => [term, column]))
}

function threshold(value: unknown, documents: number, fallback: number): number {
  if (typeof value !== 'number') return fallback
  if (value < 0)
    throw new CodedError('nlu.option', `min_df and max_df must not be negative; one is ${value}.`, {
      status: 400,
    })
  return Number.isInteger(value) ? value : value * documents
}
