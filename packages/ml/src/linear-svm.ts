// One-vs-rest linear support vector machines with squared hinge loss, by dual coordinate descent
// (Hsieh, Chang, Lin, Keerthi, Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear SVM, ICML 2008). All classes
// take their step at a row together, so that one pass over its entries serves them all.

import { type Arena, arenaBytes, strideOf } from './kernels/kernels.ts'
import { createRandom, range, shuffle } from './random.ts'
import type { PlacedRows } from './placed-rows.ts'
import type { TrainingControl } from './training-control.ts'

const EPOCHS = 8
const COST = 0.5

export interface LinearWeights {
  /** A row of `strideOf(classes)` numbers a column. */
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/** What training takes of an arena, in bytes. */
export function svmBytes(width: number, classes: number): number {
  return arenaBytes(width * strideOf(classes)) + 2 * arenaBytes(strideOf(classes))
}

/** The weights, which lie in the arena. `chosen` are the rows to learn from; labels are those of all rows. */
export async function trainLinearSvm(
  arena: Arena,
  rows: PlacedRows,
  chosen: Uint32Array,
  labels: Uint32Array,
  classes: number,
  control: TrainingControl,
): Promise<LinearWeights> {
  const { kernels } = arena
  const stride = strideOf(classes)
  const weights = arena.floats(rows.width * stride)
  const scores = arena.floats(stride)
  const changes = arena.floats(stride)
  const bias = new Float32Array(classes)
  const alphas = new Float32Array(rows.count * classes)
  const lengths = squaredLengths(rows)
  const diagonal = 1 / (2 * COST)
  const order = chosen.slice()
  const random = createRandom(control.seed)
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    control.onProgress?.(epoch / EPOCHS)
    shuffle(order, random)
    for (const [place, row] of order.entries()) {
      if (place % 512 === 0) await control.breathe?.()
      scores.fill(0)
      kernels.gather(scores, weights, rows, rows.starts[row]!, rows.starts[row + 1]!)
      changes.fill(0)
      let isChanged = false
      for (let c = 0; c < classes; c += 1) {
        const side = labels[row] === c ? 1 : -1
        const at = row * classes + c
        const alpha = alphas[at]!
        const gradient = side * (scores[c]! + bias[c]!) - 1 + diagonal * alpha
        if (alpha === 0 && gradient >= 0) continue
        const next = Math.max(alpha - gradient / (lengths[row]! + diagonal), 0)
        if (next === alpha) continue
        alphas[at] = next
        changes[c] = (next - alpha) * side
        bias[c] = bias[c]! + changes[c]!
        isChanged = true
      }
      if (isChanged) kernels.scatter(weights, rows, rows.starts[row]!, rows.starts[row + 1]!, changes, 1)
    }
  }
  return { weights, bias }
}

/** Of each row with its constant 1. */
function squaredLengths({ count, starts, values }: PlacedRows): Float32Array {
  return Float32Array.from(range(count), row => {
    let sum = 1
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) sum += values[at]! ** 2
    return sum
  })
}
