// Trains a conditional random field by stochastic gradient ascent with a rate for each weight of its own (AdaGrad: Duchi,
// Hazan, Singer, JMLR 2011).

import {
  type ChainSums,
  type CrfWeights,
  type LabelRules,
  listTransitions,
  sumChain,
  type Transitions,
} from './crf.ts'
import { createRandom, range, shuffle } from './random.ts'
import type { SparseVector } from './sparse-rows.ts'
import type { TrainingControl } from './training-control.ts'

export interface LabelledSequence {
  readonly tokens: readonly SparseVector[]
  /** One label a token; the rules must allow their order. */
  readonly labels: readonly number[]
}

const RATE = 0.3
/** Passes over the data: fewer where there is much of it. */
const PASSES = { least: 6, most: 20, sequences: 12_000 }
/** Gradients below this change nothing that can be seen. */
const NEGLIGIBLE = 1e-4
/** How strongly each pass draws weights back to zero, so that rare features stay modest. */
const DECAY = 0.02

/** Weights under which the sequences' labels are likely; `features` is above every feature's number. */
export async function trainCrf(
  sequences: readonly LabelledSequence[],
  rules: LabelRules,
  features: number,
  control: TrainingControl,
): Promise<CrfWeights> {
  const transitions = listTransitions(rules)
  const learner = new CrfLearner(transitions, features)
  const order = range(sequences.length)
  const random = createRandom(control.seed)
  const { least, most, sequences: enough } = PASSES
  const passes = Math.round(Math.min(most, Math.max(least, enough / Math.max(sequences.length, 1))))
  for (let pass = 0; pass < passes; pass += 1) {
    shuffle(order, random)
    for (const [place, index] of order.entries()) {
      if (place % 64 === 0) await control.breathe?.()
      const sequence = sequences[index]
      if (sequence !== undefined && sequence.tokens.length > 0) learner.learn(sequence)
    }
    learner.decay(DECAY / passes)
    control.onProgress?.((pass + 1) / passes)
  }
  return learner.weights
}

class CrfLearner {
  readonly #transitions: Transitions
  readonly #features: Float32Array
  readonly #featureSquares: Float32Array
  readonly #steps: Float32Array
  readonly #stepSquares: Float32Array
  /** exp(steps), kept beside them: most stay as they are from one sequence to the next. */
  readonly #stepWeights: Float64Array
  /** Zero between sequences. */
  readonly #expected: Float64Array

  constructor(transitions: Transitions, features: number) {
    this.#transitions = transitions
    this.#features = new Float32Array(features * transitions.labels)
    this.#featureSquares = new Float32Array(this.#features.length)
    this.#steps = new Float32Array(transitions.before.length)
    this.#stepSquares = new Float32Array(this.#steps.length)
    this.#stepWeights = new Float64Array(this.#steps.length).fill(1)
    this.#expected = new Float64Array(this.#steps.length)
  }

  get weights(): CrfWeights {
    return { features: this.#features, transitions: this.#steps }
  }

  decay(share: number): void {
    const kept = 1 - share
    for (let at = 0; at < this.#features.length; at += 1) this.#features[at] = this.#features[at]! * kept
  }

  /** One step towards the sequence's labels: what they say, less what the field expects. */
  learn({ tokens, labels }: LabelledSequence): void {
    const sums = sumChain(
      this.#transitions,
      this.#stepWeights,
      tokens.map(token => this.#scoresOf(token)),
    )
    for (let token = 1; token < tokens.length; token += 1) {
      this.#expectSteps(sums, token)
      const right = this.#transitionOf(labels[token - 1] ?? 0, labels[token] ?? 0)
      if (right !== null) this.#expected[right] = this.#expected[right]! - 1
    }
    this.#learnSteps()
    tokens.forEach((token, place) => {
      this.#learnFeatures(token, labels[place] ?? 0, sums.forward[place]!, sums.backward[place]!)
    })
  }

  /** Adds how likely each transition to the token is. */
  #expectSteps({ forward, backward, scales, potentials }: ChainSums, token: number): void {
    const { labels, starts, before } = this.#transitions
    const expected = this.#expected
    const stepWeights = this.#stepWeights
    const previous = forward[token - 1]!
    const after = backward[token]!
    const potential = potentials[token]!
    for (let label = 0; label < labels; label += 1) {
      const weight = (after[label]! * potential[label]!) / scales[token]!
      if (weight < NEGLIGIBLE) continue
      const end = starts[label + 1]!
      for (let at = starts[label]!; at < end; at += 1)
        expected[at] = expected[at]! + previous[before[at]!]! * stepWeights[at]! * weight
    }
  }

  #learnSteps(): void {
    const expected = this.#expected
    for (let at = 0; at < expected.length; at += 1) {
      const gradient = -expected[at]!
      expected[at] = 0
      if (Math.abs(gradient) < NEGLIGIBLE) continue
      step(this.#steps, this.#stepSquares, at, gradient)
      this.#stepWeights[at] = Math.exp(this.#steps[at]!)
    }
  }

  #learnFeatures(token: SparseVector, right: number, forward: Float64Array, backward: Float64Array): void {
    const { labels } = this.#transitions
    for (let label = 0; label < labels; label += 1) {
      const gradient = (right === label ? 1 : 0) - forward[label]! * backward[label]!
      if (Math.abs(gradient) < NEGLIGIBLE) continue
      for (let at = 0; at < token.indices.length; at += 1)
        step(
          this.#features,
          this.#featureSquares,
          token.indices[at]! * labels + label,
          gradient * token.values[at]!,
        )
    }
  }

  #transitionOf(from: number, to: number): number | null {
    const { starts, before } = this.#transitions
    for (let at = starts[to]!; at < starts[to + 1]!; at += 1) if (before[at] === from) return at
    return null
  }

  #scoresOf({ indices, values }: SparseVector): Float64Array {
    const { labels } = this.#transitions
    const scores = new Float64Array(labels)
    for (let at = 0; at < indices.length; at += 1) {
      const offset = indices[at]! * labels
      const value = values[at]!
      for (let label = 0; label < labels; label += 1)
        scores[label] = scores[label]! + value * this.#features[offset + label]!
    }
    return scores
  }
}

function step(weights: Float32Array, squares: Float32Array, at: number, gradient: number): void {
  if (Math.abs(gradient) < NEGLIGIBLE) return
  const sum = squares[at]! + gradient * gradient
  squares[at] = sum
  weights[at] = weights[at]! + (RATE * gradient) / Math.sqrt(sum)
}
