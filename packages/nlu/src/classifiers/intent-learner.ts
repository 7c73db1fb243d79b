// Learns which intent a message has: the classifier of @tabula/ml over the message's row.

import {
  BlendClassifier,
  type BlendOptions,
  joinParts,
  partOf,
  type SavedPart,
  splitParts,
  stackRows,
  type TrainingControl,
} from '@tabula/ml'
import type { IntentPrediction } from '@tabula/protocol'
import type { TrainingMessage } from '../component.ts'
import type { Message } from '../message.ts'
import { Background } from './background.ts'
import { MessageRows, type RowsHeader } from './message-rows.ts'

/** What learns, and from what, as a model's metadata says it. */
const LEARNER = {
  learner: 'support vector machines and small networks, blended and calibrated on held-out examples',
  derived: ['words', 'pairs of words', 'letters within words', 'word vectors (English)'],
}

/** Where the share of a training begins that learns what is beside the subject. */
const BACKGROUND_FROM = 0.95

export interface IntentTraining extends TrainingControl {
  /** Of the bot: it decides which word vectors there are. */
  readonly language: string
  /** What bench/nlu-search.mjs tries; usually left to the number of examples. */
  readonly options?: BlendOptions
}

export class IntentLearner {
  /** Sorted by name. */
  readonly intents: readonly string[]
  readonly #rows: MessageRows
  readonly #classifier: BlendClassifier
  /** Null for languages whose common words are not known. */
  readonly #background: Background | null

  private constructor(
    intents: readonly string[],
    rows: MessageRows,
    classifier: BlendClassifier,
    background: Background | null,
  ) {
    this.intents = intents
    this.#rows = rows
    this.#classifier = classifier
    this.#background = background
  }

  /** Trained on each message's label; null labels are left out. Null where there are fewer than two labels. */
  static async train(
    messages: readonly TrainingMessage[],
    labelOf: (message: TrainingMessage) => string | null | undefined,
    training: IntentTraining,
  ): Promise<IntentLearner | null> {
    const labelled = messages.flatMap(message => {
      const label = labelOf(message)
      return label === null || label === undefined || label === '' ? [] : [{ message, label }]
    })
    const intents = [...new Set(labelled.map(({ label }) => label))].sort()
    if (intents.length < 2) return null
    const own = labelled.map(({ message }) => message)
    const rows = MessageRows.of(own, training.language)
    const numbers = new Map(intents.map((intent, index) => [intent, index]))
    const classifier = await BlendClassifier.train(
      stackRows(
        own.map(message => rows.rowOfExample(message)),
        rows.width,
      ),
      Uint32Array.from(labelled, ({ label }) => numbers.get(label) ?? 0),
      intents.length,
      partOf(training, 0, BACKGROUND_FROM),
      training.options,
    )
    const background = await Background.train(
      own,
      {
        language: training.language,
        rowOf: words => rows.rowOfWords(words),
        width: rows.widthOfWords,
        heldOut: classifier.heldOut,
      },
      partOf(training, BACKGROUND_FROM, 1),
    )
    return new IntentLearner(intents, rows, classifier, background)
  }

  static load(saved: SavedPart): IntentLearner {
    const { learner, classifier, background } = splitParts(saved)
    const header = (learner?.header ?? {}) as unknown as RowsHeader & { readonly intents: readonly string[] }
    const { hashes, weights } = learner?.tensors ?? {}
    if (classifier === undefined || !(hashes instanceof Uint32Array && weights instanceof Float32Array))
      throw new Error('the saved classifier of intents is not whole')
    const rows = MessageRows.load(header, hashes, weights)
    return new IntentLearner(
      header.intents,
      rows,
      BlendClassifier.load(classifier),
      background === undefined ? null : Background.load(background),
    )
  }

  save(): SavedPart {
    const { header, tensors } = this.#rows
    return joinParts({
      learner: { header: { ...LEARNER, intents: this.intents, ...header }, tensors },
      classifier: this.#classifier.save(),
      ...(this.#background === null ? {} : { background: this.#background.save() }),
    })
  }

  /** Every intent with its probability, the most likely first. */
  rank(message: Message): IntentPrediction[] {
    const { whole, words } = this.#rows.rows(message)
    const probabilities = this.#classifier.probabilities(whole)
    this.#background?.weigh(probabilities, words)
    return this.intents
      .map((name, index) => ({ name, confidence: probabilities[index] ?? 0 }))
      .sort((a, b) => b.confidence - a.confidence)
  }
}
