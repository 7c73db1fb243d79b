// The loss of embeddings that must be near their label's and far from all others (StarSpace, Wu and others, 2018), with
// negatives drawn by chance: a softmax over similarities, and a sigmoid on each that keeps them within bounds.

import type { Random } from '../random.ts'
import type { Matrix } from './tape.ts'

export interface SimilarityLossOptions {
  /** Negatives of each kind for an example. */
  readonly negatives: number
  /** Whether the sigmoid is added; without it similarities among inputs and among labels join the softmax. */
  readonly isConstrained: boolean
  /** Examples that are already learned count less. */
  readonly isScaled: boolean
  readonly random: Random
}

interface Pair {
  readonly left: Float32Array
  readonly right: Float32Array
  readonly leftSlopes: Float32Array
  readonly rightSlopes: Float32Array
  readonly leftAt: number
  readonly rightAt: number
  readonly inSoftmax: boolean
}

/** Adds the loss's gradients to those of the inputs and of all labels' embeddings, and gives the mean loss. */
export function similarityLoss(
  inputs: Matrix,
  labels: Matrix,
  wanted: ArrayLike<number>,
  { negatives, isConstrained, isScaled, random }: SimilarityLossOptions,
): number {
  const size = inputs.columns
  const ofInput = (row: number) => ({ from: inputs, at: row * size })
  const ofLabel = (row: number) => ({ from: labels, at: row * size })
  type End = ReturnType<typeof ofInput>
  const pair = (left: End, right: End, inSoftmax: boolean): Pair => ({
    left: left.from.values,
    right: right.from.values,
    leftSlopes: left.from.gradients,
    rightSlopes: right.from.gradients,
    leftAt: left.at,
    rightAt: right.at,
    inSoftmax,
  })
  const losses = new Float32Array(inputs.rows)
  const all: { pairs: Pair[]; slopes: Float32Array }[] = []
  for (let row = 0; row < inputs.rows; row += 1) {
    const label = wanted[row]!
    const input = ofInput(row)
    const own = ofLabel(label)
    const pairs = [pair(input, own, true)]
    // A drawn label that is the right one is no negative; it still counts in the sigmoid's mean.
    for (let n = 0; n < negatives; n += 1) {
      const other = Math.floor(random() * labels.rows)
      const another = Math.floor(random() * inputs.rows)
      if (other !== label)
        pairs.push(pair(input, ofLabel(other), true), pair(own, ofLabel(other), !isConstrained))
      if (wanted[another] !== label)
        pairs.push(pair(own, ofInput(another), true), pair(input, ofInput(another), !isConstrained))
    }
    const scores = pairs.map(({ left, right, leftAt, rightAt }) => {
      let dot = 0
      for (let c = 0; c < size; c += 1) dot += left[leftAt + c]! * right[rightAt + c]!
      return dot
    })
    const slopes = new Float32Array(pairs.length)
    losses[row] = softmaxPart(pairs, scores, slopes)
    if (isConstrained) losses[row] = losses[row]! + sigmoidPart(scores, slopes, 1 + 4 * negatives)
    all.push({ pairs, slopes })
  }
  const isLearned = isScaled && losses.some(loss => Math.exp(-loss) > 0.5)
  let total = 0
  all.forEach(({ pairs, slopes }, row) => {
    const loss = losses[row]!
    const scale = isLearned ? ((1 - Math.exp(-loss)) / 0.5) ** 4 : 1
    total += (scale * loss) / inputs.rows
    pairs.forEach(({ left, right, leftSlopes, rightSlopes, leftAt, rightAt }, index) => {
      const slope = (slopes[index]! * scale) / inputs.rows
      for (let c = 0; c < size; c += 1) {
        leftSlopes[leftAt + c] = leftSlopes[leftAt + c]! + slope * right[rightAt + c]!
        rightSlopes[rightAt + c] = rightSlopes[rightAt + c]! + slope * left[leftAt + c]!
      }
    })
  })
  return total
}

function softmaxPart(pairs: readonly Pair[], scores: readonly number[], slopes: Float32Array): number {
  let highest = -Infinity
  scores.forEach((score, index) => {
    if (pairs[index]!.inSoftmax) highest = Math.max(highest, score)
  })
  let sum = 0
  scores.forEach((score, index) => {
    if (pairs[index]!.inSoftmax) sum += Math.exp(score - highest)
  })
  scores.forEach((score, index) => {
    if (pairs[index]!.inSoftmax) slopes[index] = Math.exp(score - highest) / sum - (index === 0 ? 1 : 0)
  })
  return Math.log(sum) + highest - scores[0]!
}

function sigmoidPart(scores: readonly number[], slopes: Float32Array, count: number): number {
  let loss = 0
  scores.forEach((score, index) => {
    const target = index === 0 ? 1 : 0
    loss += Math.max(score, 0) - score * target + Math.log1p(Math.exp(-Math.abs(score)))
    slopes[index] = slopes[index]! + (1 / (1 + Math.exp(-score)) - target) / count
  })
  return loss / count
}

/** The loss where several labels may be right: the wanted one and drawn ones, each judged by a sigmoid. */
export function severalLabelsLoss(
  inputs: Matrix,
  labels: Matrix,
  wanted: ArrayLike<number>,
  alsoRight: readonly ReadonlySet<number>[],
  { negatives, isScaled, random }: Omit<SimilarityLossOptions, 'isConstrained'>,
): number {
  const size = inputs.columns
  const losses = new Float32Array(inputs.rows)
  let total = 0
  for (let row = 0; row < inputs.rows; row += 1) {
    const drawn = Array.from({ length: negatives }, () => Math.floor(random() * labels.rows))
    for (const label of [wanted[row]!, ...drawn]) {
      const target = label === wanted[row] || alsoRight[row]?.has(label) === true ? 1 : 0
      let score = 0
      for (let c = 0; c < size; c += 1)
        score += inputs.values[row * size + c]! * labels.values[label * size + c]!
      const loss = Math.max(score, 0) - score * target + Math.log1p(Math.exp(-Math.abs(score)))
      const scale = isScaled ? Math.min(1, ((1 - Math.exp(-loss)) / 0.5) ** 4) : 1
      losses[row] = losses[row]! + (scale * loss) / (1 + negatives)
      const slope = (scale * (1 / (1 + Math.exp(-score)) - target)) / (1 + negatives) / inputs.rows
      for (let c = 0; c < size; c += 1) {
        inputs.gradients[row * size + c] =
          inputs.gradients[row * size + c]! + slope * labels.values[label * size + c]!
        labels.gradients[label * size + c] =
          labels.gradients[label * size + c]! + slope * inputs.values[row * size + c]!
      }
    }
    total += losses[row]! / inputs.rows
  }
  return total
}
