// One-vs-rest linear support vector machines with squared hinge loss, by dual coordinate descent
// (Hsieh, Chang, Lin, Keerthi, Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear SVM, ICML 2008).

import { createRandom, range, shuffle } from './random.ts'
import type { SparseRows } from './sparse-rows.ts'
import type { TrainingControl } from './training-control.ts'

const EPOCHS = 8
const COST = 0.5

/** Weights as trainSoftmaxRegression gives them: a row of `classes` numbers a column, and a last one for the constant. */
export async function trainLinearSvm(
  rows: SparseRows,
  labels: ArrayLike<number>,
  classes: number,
  control: TrainingControl,
): Promise<Float32Array> {
  const weights = new Float32Array((rows.width + 1) * classes)
  const lengths = squaredLengths(rows)
  const single = new Float64Array(rows.width + 1)
  for (let c = 0; c < classes; c += 1) {
    if (c % 8 === 0) await control.breathe?.()
    control.onProgress?.(c / classes)
    single.fill(0)
    separate(rows, labels, c, lengths, single, control.seed + c)
    for (let column = 0; column <= rows.width; column += 1) weights[column * classes + c] = single[column]!
  }
  return weights
}

/** Of each row with its constant 1, plus what the loss adds to the diagonal. */
function squaredLengths({ count, starts, values }: SparseRows): Float64Array {
  const lengths = new Float64Array(count)
  for (let row = 0; row < count; row += 1) {
    let sum = 1
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) sum += values[at]! ** 2
    lengths[row] = sum
  }
  return lengths
}

/** One class against all others; rows that lie safely on their side are left out of the rounds that follow. */
function separate(
  rows: SparseRows,
  labels: ArrayLike<number>,
  wanted: number,
  lengths: Float64Array,
  weights: Float64Array,
  seed: number,
): void {
  const { count, width, starts, columns, values } = rows
  const alphas = new Float64Array(count)
  const diagonal = 1 / (2 * COST)
  const random = createRandom(seed)
  let active = range(count)
  let bound = Infinity
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    shuffle(active, random)
    let kept = 0
    let highest = 0
    for (const row of active) {
      const side = labels[row] === wanted ? 1 : -1
      const from = starts[row]!
      const to = starts[row + 1]!
      let sum = weights[width]!
      for (let at = from; at < to; at += 1) sum += weights[columns[at]!]! * values[at]!
      const alpha = alphas[row]!
      const gradient = side * sum - 1 + diagonal * alpha
      if (alpha === 0 && gradient > bound) continue
      active[kept] = row
      kept += 1
      if (alpha === 0 && gradient >= 0) continue
      highest = Math.max(highest, Math.abs(gradient))
      const changed = Math.max(alpha - gradient / (lengths[row]! + diagonal), 0)
      const scale = (changed - alpha) * side
      alphas[row] = changed
      if (scale === 0) continue
      for (let at = from; at < to; at += 1) {
        const column = columns[at]!
        weights[column] = weights[column]! + scale * values[at]!
      }
      weights[width] = weights[width]! + scale
    }
    bound = highest
    active = active.subarray(0, kept)
  }
}
