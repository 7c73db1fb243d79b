// The loss of embeddings that must be near their label's and far from all others (StarSpace, Wu and others, 2018), with
// negatives drawn by chance: a softmax over similarities, and a sigmoid on each that keeps them within bounds.

import type { Random } from '../random.ts'
import type { Rows } from './matrix.ts'

export interface SimilarityLossOptions {
  /** Negatives of each kind for an example. */
  readonly negatives: number
  /** Whether the sigmoid is added; without it similarities among inputs and among labels join the softmax. */
  readonly isConstrained: boolean
  /** Examples that are already learned count less. */
  readonly isScaled: boolean
  readonly random: Random
}

/** Pairs of rows whose similarity counts: those of an example follow each other. */
interface Pairs {
  readonly left: Uint32Array
  readonly right: Uint32Array
  /** 1 where the pair is part of the softmax. */
  readonly isRanked: Uint8Array
  readonly scores: Float32Array
  readonly slopes: Float32Array
}

/**
 * Adds the loss's gradients to those of `ends`, and gives the mean loss. The first rows are the embeddings of the inputs whose
 * labels are `wanted`, the others those of all labels.
 */
export function similarityLoss(
  ends: Rows,
  wanted: ArrayLike<number>,
  { negatives, isConstrained, isScaled, random }: SimilarityLossOptions,
): number {
  const { space, size } = ends
  const inputs = wanted.length
  const labels = ends.count - inputs
  const most = inputs * (1 + 4 * negatives)
  const isRanked = new Uint8Array(most)
  const [leftAll, rightAll] = [space.words(most), space.words(most)]
  const firsts = new Uint32Array(inputs + 1)
  let count = 0
  const pair = (left: number, right: number, ranked: boolean): void => {
    leftAll[count] = left
    rightAll[count] = right
    isRanked[count] = ranked ? 1 : 0
    count += 1
  }
  for (let row = 0; row < inputs; row += 1) {
    const label = wanted[row]!
    const own = inputs + label
    pair(row, own, true)
    // A drawn label that is the right one is no negative; it still counts in the sigmoid's mean.
    for (let n = 0; n < negatives; n += 1) {
      const other = Math.floor(random() * labels)
      const another = Math.floor(random() * inputs)
      if (other !== label) {
        pair(row, inputs + other, true)
        pair(own, inputs + other, !isConstrained)
      }
      if (wanted[another] !== label) {
        pair(own, another, true)
        pair(row, another, !isConstrained)
      }
    }
    firsts[row + 1] = count
  }
  const [left, right] = [leftAll.subarray(0, count), rightAll.subarray(0, count)]
  const pairs = { left, right, isRanked, scores: space.unset(count), slopes: space.floats(count) }
  space.kernels.pairProducts(pairs.scores, ends.values, left, ends.values, right, size)
  const losses = new Float64Array(inputs)
  for (let row = 0; row < inputs; row += 1) {
    const [first, end] = [firsts[row]!, firsts[row + 1]!]
    losses[row] = softmaxPart(pairs, first, end)
    if (isConstrained) losses[row] = losses[row]! + sigmoidPart(pairs, first, end, 1 + 4 * negatives)
  }
  const isLearned = isScaled && losses.some(loss => Math.exp(-loss) > 0.5)
  let total = 0
  for (let row = 0; row < inputs; row += 1) {
    const loss = losses[row]!
    const scale = isLearned ? ((1 - Math.exp(-loss)) / 0.5) ** 4 : 1
    total += (scale * loss) / inputs
    for (let at = firsts[row]!; at < firsts[row + 1]!; at += 1)
      pairs.slopes[at] = (pairs.slopes[at]! * scale) / inputs
  }
  space.kernels.pairAdd(ends.gradients, left, ends.values, right, pairs.slopes, size)
  space.kernels.pairAdd(ends.gradients, right, ends.values, left, pairs.slopes, size)
  return total
}

function softmaxPart({ scores, slopes, isRanked }: Pairs, first: number, end: number): number {
  let highest = -Infinity
  for (let at = first; at < end; at += 1) if (isRanked[at] === 1) highest = Math.max(highest, scores[at]!)
  let sum = 0
  for (let at = first; at < end; at += 1) {
    if (isRanked[at] === 0) continue
    const weight = Math.exp(scores[at]! - highest)
    slopes[at] = weight
    sum += weight
  }
  for (let at = first; at < end; at += 1) slopes[at] = slopes[at]! / sum - (at === first ? 1 : 0)
  return Math.log(sum) + highest - scores[first]!
}

function sigmoidPart({ scores, slopes }: Pairs, first: number, end: number, count: number): number {
  let loss = 0
  for (let at = first; at < end; at += 1) {
    const score = scores[at]!
    const target = at === first ? 1 : 0
    loss += sigmoidLoss(score, target)
    slopes[at] = slopes[at]! + (sigmoid(score) - target) / count
  }
  return loss / count
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score))
}

function sigmoidLoss(score: number, target: number): number {
  return Math.max(score, 0) - score * target + Math.log1p(Math.exp(-Math.abs(score)))
}

/** The loss where several labels may be right: the wanted one and drawn ones, each judged by a sigmoid. */
export function severalLabelsLoss(
  ends: Rows,
  wanted: ArrayLike<number>,
  alsoRight: readonly ReadonlySet<number>[],
  { negatives, isScaled, random }: Omit<SimilarityLossOptions, 'isConstrained'>,
): number {
  const { space, size } = ends
  const inputs = wanted.length
  const labels = ends.count - inputs
  const judged = 1 + negatives
  const [left, right] = [space.words(inputs * judged), space.words(inputs * judged)]
  for (let row = 0; row < inputs; row += 1)
    for (let n = 0; n < judged; n += 1) {
      left[row * judged + n] = row
      right[row * judged + n] = inputs + (n === 0 ? wanted[row]! : Math.floor(random() * labels))
    }
  const [scores, slopes] = [space.floats(left.length), space.floats(left.length)]
  space.kernels.pairProducts(scores, ends.values, left, ends.values, right, size)
  let total = 0
  for (let at = 0; at < left.length; at += 1) {
    const row = left[at]!
    const label = right[at]! - inputs
    const score = scores[at]!
    const target = label === wanted[row] || alsoRight[row]?.has(label) === true ? 1 : 0
    const loss = sigmoidLoss(score, target)
    const scale = isScaled ? Math.min(1, ((1 - Math.exp(-loss)) / 0.5) ** 4) : 1
    total += (scale * loss) / judged / inputs
    slopes[at] = (scale * (sigmoid(score) - target)) / judged / inputs
  }
  space.kernels.pairAdd(ends.gradients, left, ends.values, right, slopes, size)
  space.kernels.pairAdd(ends.gradients, right, ends.values, left, slopes, size)
  return total
}
