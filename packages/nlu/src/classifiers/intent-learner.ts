// Learns which intent a message has: the classifier of @tabula/ml over the message's row.

import {
  BlendClassifier,
  type BlendOptions,
  joinParts,
  type SavedPart,
  splitParts,
  stackRows,
  type TrainingControl,
} from '@tabula/ml'
import type { IntentPrediction } from '@tabula/protocol'
import type { TrainingMessage } from '../component.ts'
import type { Message } from '../message.ts'
import { MessageRows, type RowsHeader } from './message-rows.ts'

/** What learns, and from what, as a model's metadata says it. */
const LEARNER = {
  learner: 'support vector machines and small networks, blended and calibrated on held-out examples',
  derived: ['words', 'pairs of words', 'letters within words', 'word vectors (English)'],
}

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

  private constructor(intents: readonly string[], rows: MessageRows, classifier: BlendClassifier) {
    this.intents = intents
    this.#rows = rows
    this.#classifier = classifier
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
    const rows = MessageRows.of(
      labelled.map(({ message }) => message),
      training.language,
    )
    const numbers = new Map(intents.map((intent, index) => [intent, index]))
    const classifier = await BlendClassifier.train(
      stackRows(
        labelled.map(({ message }) => rows.row(message)),
        rows.width,
      ),
      Uint32Array.from(labelled, ({ label }) => numbers.get(label) ?? 0),
      intents.length,
      training,
      training.options,
    )
    return new IntentLearner(intents, rows, classifier)
  }

  static load(saved: SavedPart): IntentLearner {
    const { learner, classifier } = splitParts(saved)
    const header = (learner?.header ?? {}) as unknown as RowsHeader & { readonly intents: readonly string[] }
    const { hashes, weights } = learner?.tensors ?? {}
    if (classifier === undefined || !(hashes instanceof Uint32Array && weights instanceof Float32Array))
      throw new Error('the saved classifier of intents is not whole')
    const rows = MessageRows.load(header, hashes, weights)
    return new IntentLearner(header.intents, rows, BlendClassifier.load(classifier))
  }

  save(): SavedPart {
    const { header, tensors } = this.#rows
    return joinParts({
      learner: { header: { ...LEARNER, intents: this.intents, ...header }, tensors },
      classifier: this.#classifier.save(),
    })
  }

  /** Every intent with its probability, the most likely first. */
  rank(message: Message): IntentPrediction[] {
    const probabilities = this.#classifier.probabilities(this.#rows.row(message))
    return this.intents
      .map((name, index) => ({ name, confidence: probabilities[index] ?? 0 }))
      .sort((a, b) => b.confidence - a.confidence)
  }
}
