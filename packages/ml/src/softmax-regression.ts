// Multinomial logistic regression by stochastic gradient descent. No penalty: few epochs and a falling rate hold it back.

import { createRandom, range, shuffle } from './random.ts'
import type { SparseRows } from './sparse-rows.ts'
import type { TrainingControl } from './training-control.ts'

const EPOCHS = 12
const RATE = 1
/** The constant column is as long as a whole row would be; a smaller one keeps frequent classes from winning everything. */
const BIAS = 0.1

/** Weights: one row of `classes` numbers a column, and a last row for the constant. Labels are class numbers. */
export async function trainSoftmaxRegression(
  rows: SparseRows,
  labels: ArrayLike<number>,
  classes: number,
  control: TrainingControl,
): Promise<Float32Array> {
  const { starts, columns, values } = rows
  const weights = new Float32Array((rows.width + 1) * classes)
  const constant = rows.width * classes
  const order = range(rows.count)
  const random = createRandom(control.seed)
  const scores = new Float32Array(classes)
  const steps = EPOCHS * rows.count
  let step = 0
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    await control.breathe?.()
    control.onProgress?.(epoch / EPOCHS)
    shuffle(order, random)
    for (const row of order) {
      const from = starts[row] ?? 0
      const to = starts[row + 1] ?? 0
      const rate = RATE * (1 - step / steps)
      step += 1
      for (let c = 0; c < classes; c += 1) scores[c] = BIAS * (weights[constant + c] ?? 0)
      for (let at = from; at < to; at += 1)
        addScaled(scores, weights, (columns[at] ?? 0) * classes, values[at] ?? 0)
      toGradient(scores, labels[row] ?? 0)
      for (let at = from; at < to; at += 1)
        subtractScaled(weights, (columns[at] ?? 0) * classes, scores, rate * (values[at] ?? 0))
      subtractScaled(weights, constant, scores, rate * BIAS)
    }
  }
  for (let c = 0; c < classes; c += 1) weights[constant + c] = BIAS * (weights[constant + c] ?? 0)
  return weights
}

function addScaled(target: Float32Array, weights: Float32Array, offset: number, scale: number): void {
  for (let c = 0; c < target.length; c += 1) target[c] = target[c]! + scale * weights[offset + c]!
}

function subtractScaled(weights: Float32Array, offset: number, source: Float32Array, scale: number): void {
  for (let c = 0; c < source.length; c += 1) weights[offset + c] = weights[offset + c]! - scale * source[c]!
}

/** Scores become the gradient of the loss: probabilities, less 1 for the right class. */
function toGradient(scores: Float32Array, label: number): void {
  softmaxInPlace(scores)
  scores[label] = scores[label]! - 1
}

/** Scores become probabilities that sum to 1. */
export function softmaxInPlace(scores: Float32Array | Float64Array): void {
  let highest = -Infinity
  for (const score of scores) highest = Math.max(highest, score)
  let sum = 0
  for (let c = 0; c < scores.length; c += 1) {
    const weight = Math.exp(scores[c]! - highest)
    scores[c] = weight
    sum += weight
  }
  for (let c = 0; c < scores.length; c += 1) scores[c] = scores[c]! / sum
}
