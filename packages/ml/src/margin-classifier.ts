// Tells rows of one kind from all others by a single support vector machine: quick to train, and a byte a column to keep.

import type { SavedPart } from './codec.ts'
import { createArena } from './kernels/kernels.ts'
import { svmBytes, trainLinearSvm } from './linear-svm.ts'
import { placeRows, rowsBytes } from './placed-rows.ts'
import { range } from './random.ts'
import type { SparseRows, SparseVector } from './sparse-rows.ts'
import type { TrainingControl } from './training-control.ts'

/** Labels of trainLinearSvm with one class: 0 is that class. */
const OWN = 0
const OTHER = 1

export class MarginClassifier {
  readonly #weights: Int8Array
  readonly #scale: number
  readonly #bias: number

  private constructor(weights: Int8Array, scale: number, bias: number) {
    this.#weights = weights
    this.#scale = scale
    this.#bias = bias
  }

  /** Learns to tell the first `own` rows from the others; the same rows and seed give the same weights. */
  static async train(rows: SparseRows, own: number, control: TrainingControl): Promise<MarginClassifier> {
    const arena = createArena(rowsBytes(rows) + svmBytes(rows.width, 1))
    const labels = Uint32Array.from({ length: rows.count }, (_, row) => (row < own ? OWN : OTHER))
    const placed = placeRows(arena, rows)
    const svm = await trainLinearSvm(arena, placed, range(rows.count), labels, 1, control)
    const stride = svm.weights.length / rows.width
    const weights = Float32Array.from({ length: rows.width }, (_, column) => svm.weights[column * stride]!)
    const highest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    const scale = Math.fround(highest / 127)
    const whole = Int8Array.from(weights, weight => (scale > 0 ? Math.round(weight / scale) : 0))
    return new MarginClassifier(whole, scale, svm.bias[0]!)
  }

  static load({ header, tensors: { weights } }: SavedPart): MarginClassifier {
    const { scale, bias } = header
    if (!(weights instanceof Int8Array) || typeof scale !== 'number' || typeof bias !== 'number')
      throw new Error('the saved margin has no weights')
    return new MarginClassifier(weights, scale, bias)
  }

  save(): SavedPart {
    return { header: { scale: this.#scale, bias: this.#bias }, tensors: { weights: this.#weights } }
  }

  /** About 1 for rows of the own kind, about −1 for others; columns that training never had count nothing. */
  margin({ indices, values }: SparseVector): number {
    let sum = 0
    for (let at = 0; at < indices.length; at += 1) sum += values[at]! * (this.#weights[indices[at]!] ?? 0)
    return sum * this.#scale + this.#bias
  }
}
