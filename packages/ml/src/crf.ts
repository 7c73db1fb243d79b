// A linear-chain conditional random field (Lafferty, McCallum, Pereira, ICML 2001) over sparse features of tokens. Which
// label may follow which is given: only those transitions have a weight, and only they cost time.

import type { SavedPart } from './codec.ts'
import type { SparseVector } from './sparse-rows.ts'

/** Which labels may stand first, and which may follow each label. */
export interface LabelRules {
  readonly labels: number
  isFirst(label: number): boolean
  mayFollow(before: number, label: number): boolean
}

/** The most likely labels of a sequence, and how likely each label is at each place. */
export interface Tagging {
  readonly labels: readonly number[]
  /** One row a token: the probability of each label, whatever stands around it. */
  readonly marginals: readonly Float64Array[]
}

/** The transitions in two arrays: what may come before label l stands at starts[l] to starts[l + 1]. */
export interface Transitions {
  readonly labels: number
  readonly first: Uint8Array
  readonly starts: Uint32Array
  readonly before: Uint32Array
  /** The same transitions from the other side: those out of label l stand at exits[l] to exits[l + 1]. */
  readonly exits: Uint32Array
  readonly after: Uint32Array
  /** Where each of them stands among `before`. */
  readonly places: Uint32Array
}

export function listTransitions(rules: LabelRules): Transitions {
  const starts = new Uint32Array(rules.labels + 1)
  const before: number[] = []
  const first = new Uint8Array(rules.labels)
  for (let label = 0; label < rules.labels; label += 1) {
    if (rules.isFirst(label)) first[label] = 1
    for (let other = 0; other < rules.labels; other += 1)
      if (rules.mayFollow(other, label)) before.push(other)
    starts[label + 1] = before.length
  }
  return {
    labels: rules.labels,
    first,
    starts,
    before: Uint32Array.from(before),
    ...listExits(starts, before),
  }
}

function listExits(
  starts: Uint32Array,
  before: readonly number[],
): Pick<Transitions, 'exits' | 'after' | 'places'> {
  const labels = starts.length - 1
  const exits = new Uint32Array(labels + 1)
  for (const label of before) exits[label + 1] = exits[label + 1]! + 1
  for (let label = 0; label < labels; label += 1) exits[label + 1] = exits[label + 1]! + exits[label]!
  const next = exits.slice()
  const after = new Uint32Array(before.length)
  const places = new Uint32Array(before.length)
  for (let label = 0; label < labels; label += 1)
    for (let at = starts[label]!; at < starts[label + 1]!; at += 1) {
      const place = next[before[at]!]!
      next[before[at]!] = place + 1
      after[place] = label
      places[place] = at
    }
  return { exits, after, places }
}

/** Weights of a trained field: a row of `labels` numbers a feature, and one number a transition. */
export interface CrfWeights {
  readonly features: Float32Array
  readonly transitions: Float32Array
}

export class ConditionalRandomField {
  readonly #transitions: Transitions
  readonly #features: Int8Array
  readonly #scales: Float32Array
  readonly #steps: Float32Array
  /** exp(steps). */
  readonly #stepWeights: Float64Array

  private constructor(
    transitions: Transitions,
    features: Int8Array,
    scales: Float32Array,
    steps: Float32Array,
  ) {
    this.#transitions = transitions
    this.#features = features
    this.#scales = scales
    this.#steps = steps
    this.#stepWeights = exponentials(steps)
  }

  /** The field with its weights made small: each feature's are whole numbers from −127 to 127 times a scale. */
  static of(rules: LabelRules, weights: CrfWeights): ConditionalRandomField {
    const { labels } = rules
    const count = weights.features.length / labels
    const features = new Int8Array(weights.features.length)
    const scales = new Float32Array(count)
    for (let feature = 0; feature < count; feature += 1) {
      const row = weights.features.subarray(feature * labels, (feature + 1) * labels)
      let highest = 0
      for (const weight of row) highest = Math.max(highest, Math.abs(weight))
      const scale = Math.fround(highest / 127)
      scales[feature] = scale
      if (scale > 0)
        row.forEach((weight, label) => (features[feature * labels + label] = Math.round(weight / scale)))
    }
    return new ConditionalRandomField(listTransitions(rules), features, scales, weights.transitions)
  }

  /** The field that `save` gave, for the same rules; throws an Error where the weights do not fit them. */
  static load(rules: LabelRules, { tensors }: SavedPart): ConditionalRandomField {
    const { features, scales, transitions: steps } = tensors
    const transitions = listTransitions(rules)
    if (!(features instanceof Int8Array && scales instanceof Float32Array && steps instanceof Float32Array))
      throw new Error('the saved tagger has no weights')
    if (features.length !== scales.length * rules.labels || steps.length !== transitions.before.length)
      throw new Error('the saved tagger is cut off')
    return new ConditionalRandomField(transitions, features, scales, steps)
  }

  save(): SavedPart {
    return {
      header: {},
      tensors: { features: this.#features, scales: this.#scales, transitions: this.#steps },
    }
  }

  /** The tagging of a sequence of tokens; none for no tokens. Features beyond those of training are left out. */
  tag(tokens: readonly SparseVector[]): Tagging {
    if (tokens.length === 0) return { labels: [], marginals: [] }
    const scores = tokens.map(token => this.#scoresOf(token))
    return {
      labels: bestPath(this.#transitions, this.#steps, scores),
      marginals: marginals(this.#transitions, this.#stepWeights, scores),
    }
  }

  /** The most likely labels alone, at half the cost. */
  path(tokens: readonly SparseVector[]): number[] {
    if (tokens.length === 0) return []
    return bestPath(
      this.#transitions,
      this.#steps,
      tokens.map(token => this.#scoresOf(token)),
    )
  }

  #scoresOf({ indices, values }: SparseVector): Float64Array {
    const { labels } = this.#transitions
    const scores = new Float64Array(labels)
    for (let at = 0; at < indices.length; at += 1) {
      const feature = indices[at]!
      const scale = values[at]! * (this.#scales[feature] ?? 0)
      if (scale === 0) continue
      for (let label = 0; label < labels; label += 1)
        scores[label] = scores[label]! + scale * this.#features[feature * labels + label]!
    }
    return scores
  }
}

/** Viterbi's path: the labels whose scores and steps add up to the most. */
function bestPath(
  { labels, first, starts, before }: Transitions,
  steps: Float32Array,
  scores: readonly Float64Array[],
): number[] {
  let best = (scores[0] ?? new Float64Array(labels)).map((score, label) =>
    first[label] === 1 ? score : -Infinity,
  )
  const origins: Uint32Array[] = []
  for (const score of scores.slice(1)) {
    const next = new Float64Array(labels)
    const origin = new Uint32Array(labels)
    for (let label = 0; label < labels; label += 1) {
      let highest = -Infinity
      for (let at = starts[label]!; at < starts[label + 1]!; at += 1) {
        const sum = best[before[at]!]! + steps[at]!
        if (sum > highest) {
          highest = sum
          origin[label] = before[at]!
        }
      }
      next[label] = highest + score[label]!
    }
    best = next
    origins.push(origin)
  }
  let label = best.indexOf(best.reduce((a, b) => Math.max(a, b), -Infinity))
  const path = [label]
  for (const origin of origins.toReversed()) {
    label = origin[label] ?? 0
    path.unshift(label)
  }
  return path
}

/** Forward and backward sums, scaled at each token so that they stay in range. */
export interface ChainSums {
  readonly forward: readonly Float64Array[]
  readonly backward: readonly Float64Array[]
  /** What each token's forward sums were divided by. */
  readonly scales: Float64Array
  /** exp(score − highest score of the token). */
  readonly potentials: readonly Float64Array[]
}

/** What is less likely than this adds nothing that can be seen, and costs no time. */
const UNLIKELY = 1e-9

export function sumChain(
  transitions: Transitions,
  stepWeights: Float64Array,
  scores: readonly Float64Array[],
): ChainSums {
  const { labels, first, starts, before, exits, after: next, places } = transitions
  const potentials = scores.map(score => exponentials(score, highestOf(score)))
  const forward: Float64Array[] = []
  const scales = new Float64Array(scores.length)
  potentials.forEach((potential, token) => {
    const sums = new Float64Array(labels)
    const previous = forward[token - 1]
    if (previous === undefined) for (let label = 0; label < labels; label += 1) sums[label] = first[label]!
    else
      for (let label = 0; label < labels; label += 1) {
        const weight = previous[label]!
        if (weight < UNLIKELY) continue
        for (let at = exits[label]!; at < exits[label + 1]!; at += 1) {
          const other = next[at]!
          sums[other] = sums[other]! + weight * stepWeights[places[at]!]!
        }
      }
    let total = 0
    for (let label = 0; label < labels; label += 1) {
      const sum = sums[label]! * potential[label]!
      sums[label] = sum
      total += sum
    }
    scales[token] = total
    for (let label = 0; label < labels; label += 1) sums[label] = sums[label]! / total
    forward.push(sums)
  })
  const backward: Float64Array[] = Array.from({ length: scores.length }, () => new Float64Array(labels))
  backward.at(-1)?.fill(1)
  for (let token = scores.length - 1; token > 0; token -= 1) {
    const after = backward[token]!
    const here = forward[token]!
    const potential = potentials[token]!
    const sums = backward[token - 1]!
    for (let label = 0; label < labels; label += 1) {
      if (here[label]! * after[label]! < UNLIKELY) continue
      const weight = (after[label]! * potential[label]!) / scales[token]!
      for (let at = starts[label]!; at < starts[label + 1]!; at += 1) {
        const other = before[at]!
        sums[other] = sums[other]! + weight * stepWeights[at]!
      }
    }
  }
  return { forward, backward, scales, potentials }
}

function marginals(
  transitions: Transitions,
  stepWeights: Float64Array,
  scores: readonly Float64Array[],
): Float64Array[] {
  const { forward, backward } = sumChain(transitions, stepWeights, scores)
  return forward.map((sums, token) => sums.map((sum, label) => sum * (backward[token]?.[label] ?? 0)))
}

/** exp(value − shift) of each. */
function exponentials(values: Float32Array | Float64Array, shift = 0): Float64Array {
  const powers = new Float64Array(values.length)
  for (let at = 0; at < powers.length; at += 1) powers[at] = Math.exp(values[at]! - shift)
  return powers
}

function highestOf(scores: Float64Array): number {
  let highest = -Infinity
  for (const score of scores) highest = Math.max(highest, score)
  return highest
}
