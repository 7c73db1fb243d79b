// Learns which intent a message has: the linear classifier of @tabula/ml over the message's terms and matched patterns.

import {
  joinParts,
  LinearClassifier,
  type SavedPart,
  type SparseVector,
  splitParts,
  stackRows,
  type TrainingControl,
} from '@tabula/ml'
import type { IntentPrediction } from '@tabula/protocol'
import type { TrainingMessage } from '../component.ts'
import type { Message } from '../message.ts'
import { termsOf, Vocabulary } from './text-terms.ts'

/** How much a matched pattern counts beside the terms, which make a row of length 1. */
const PATTERN_WEIGHT = 0.5
/** Featurizers that say the same as the terms do. */
const COUNTED_ALREADY = 'CountVectorsFeaturizer'

export class IntentLearner {
  /** Sorted by name. */
  readonly intents: readonly string[]
  readonly #vocabulary: Vocabulary
  /** Widths of the pipeline's other sentence features, by origin in their order. */
  readonly #extra: readonly (readonly [origin: string, width: number])[]
  readonly #classifier: LinearClassifier

  private constructor(
    intents: readonly string[],
    vocabulary: Vocabulary,
    extra: readonly (readonly [string, number])[],
    classifier: LinearClassifier,
  ) {
    this.intents = intents
    this.#vocabulary = vocabulary
    this.#extra = extra
    this.#classifier = classifier
  }

  /** Trained on each message's label; null labels are left out. Null where there are fewer than two labels. */
  static async train(
    messages: readonly TrainingMessage[],
    labelOf: (message: TrainingMessage) => string | null | undefined,
    control: TrainingControl,
  ): Promise<IntentLearner | null> {
    const labelled = messages.flatMap(message => {
      const label = labelOf(message)
      return label === null || label === undefined || label === '' ? [] : [{ message, label }]
    })
    const intents = [...new Set(labelled.map(({ label }) => label))].sort()
    if (intents.length < 2) return null
    const documents = labelled.map(({ message }) => termsOf(message))
    const vocabulary = Vocabulary.of(documents)
    const extra = extraFeatures(labelled.map(({ message }) => message))
    const numbers = new Map(intents.map((intent, index) => [intent, index]))
    const width = extra.reduce((sum, [, own]) => sum + own, vocabulary.terms.length)
    const rows = labelled.map(({ message }, index) =>
      rowOf(message, documents[index] ?? [], vocabulary, extra),
    )
    const classifier = await LinearClassifier.train(
      stackRows(rows, width),
      Uint32Array.from(labelled, ({ label }) => numbers.get(label) ?? 0),
      intents.length,
      control,
    )
    return new IntentLearner(intents, vocabulary, extra, classifier)
  }

  static load(saved: SavedPart): IntentLearner {
    const { learner, classifier } = splitParts(saved)
    const { intents, terms, extra } = (learner?.header ?? {}) as {
      readonly intents: readonly string[]
      readonly terms: readonly string[]
      readonly extra: readonly (readonly [string, number])[]
    }
    const idf = learner?.tensors['idf']
    if (classifier === undefined || !(idf instanceof Float32Array))
      throw new Error('the saved classifier of intents is not whole')
    return new IntentLearner(intents, new Vocabulary(terms, idf), extra, LinearClassifier.load(classifier))
  }

  save(): SavedPart {
    const { terms, idf } = this.#vocabulary
    return joinParts({
      learner: { header: { intents: this.intents, terms, extra: this.#extra }, tensors: { idf } },
      classifier: this.#classifier.save(),
    })
  }

  /** Every intent with its probability, the most likely first. */
  rank(message: Message): IntentPrediction[] {
    const row = rowOf(message, termsOf(message), this.#vocabulary, this.#extra)
    const probabilities = this.#classifier.probabilities(row)
    return this.intents
      .map((name, index) => ({ name, confidence: probabilities[index] ?? 0 }))
      .sort((a, b) => b.confidence - a.confidence)
  }
}

function extraFeatures(messages: readonly Message[]): (readonly [string, number])[] {
  const widths = new Map<string, number>()
  for (const { features } of messages)
    for (const { origin, width, sentence } of features)
      if (sentence !== null && !origin.startsWith(COUNTED_ALREADY)) widths.set(origin, width)
  return [...widths]
}

function rowOf(
  message: Message,
  terms: readonly string[],
  vocabulary: Vocabulary,
  extra: readonly (readonly [string, number])[],
): SparseVector {
  const row = vocabulary.row(terms)
  let offset = vocabulary.terms.length
  const indices = [...row.indices]
  const values = [...row.values]
  for (const [origin, width] of extra) {
    const sentence = message.features.find(feature => feature.origin === origin)?.sentence
    for (const column of sentence?.indices ?? []) {
      indices.push(offset + column)
      values.push(PATTERN_WEIGHT)
    }
    offset += width
  }
  return indices.length === row.indices.length
    ? row
    : { indices: Uint32Array.from(indices), values: Float32Array.from(values) }
}
