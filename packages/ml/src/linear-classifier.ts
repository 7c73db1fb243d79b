// A classifier of sparse rows: softmax regression and support vector machines in one set of weights, with honest probabilities.

import { type HeldOutScores, fitBlend } from './blend.ts'
import type { SavedPart } from './codec.ts'
import { trainLinearSvm } from './linear-svm.ts'
import { createRandom, type Random, range, shuffle } from './random.ts'
import { softmaxInPlace, trainSoftmaxRegression } from './softmax-regression.ts'
import type { SparseRows, SparseVector } from './sparse-rows.ts'
import { partOf, type TrainingControl } from './training-control.ts'

/** Folds that are held out in turn to learn how sure the scores may be. */
const FOLDS = 5
/** From so many rows on, one fold says enough. */
const MANY_ROWS = 3000

/** Weights as bytes: each column's are whole numbers from −127 to 127, times a scale of its own. */
export class LinearClassifier {
  readonly classes: number
  readonly width: number
  readonly #weights: Int8Array
  readonly #scales: Float32Array
  readonly #bias: Float32Array

  private constructor(classes: number, weights: Int8Array, scales: Float32Array, bias: Float32Array) {
    this.classes = classes
    this.width = scales.length
    this.#weights = weights
    this.#scales = scales
    this.#bias = bias
  }

  /** Learns which rows belong to which of `classes` classes; the same rows and seed give the same weights. */
  static async train(
    rows: SparseRows,
    labels: Uint32Array,
    classes: number,
    control: TrainingControl,
  ): Promise<LinearClassifier> {
    const held = await holdOut(rows, labels, classes, partOf(control, 0, 0.6))
    const [a, b] = fitBlend(held)
    const first = await trainSoftmaxRegression(rows, labels, classes, partOf(control, 0.6, 0.8))
    const second = await trainLinearSvm(rows, labels, classes, partOf(control, 0.8, 1))
    for (let at = 0; at < first.length; at += 1) first[at] = a * first[at]! + b * second[at]!
    return LinearClassifier.#quantize(first, classes)
  }

  static #quantize(weights: Float32Array, classes: number): LinearClassifier {
    const width = weights.length / classes - 1
    const small = new Int8Array(width * classes)
    const scales = new Float32Array(width)
    for (let column = 0; column < width; column += 1) {
      const row = weights.subarray(column * classes, (column + 1) * classes)
      let highest = 0
      for (const weight of row) highest = Math.max(highest, Math.abs(weight))
      const scale = Math.fround(highest / 127)
      scales[column] = scale
      if (scale > 0) row.forEach((weight, c) => (small[column * classes + c] = Math.round(weight / scale)))
    }
    return new LinearClassifier(classes, small, scales, weights.slice(width * classes))
  }

  static load({ tensors }: SavedPart): LinearClassifier {
    const { weights, scales, bias } = tensors
    if (!(weights instanceof Int8Array && scales instanceof Float32Array && bias instanceof Float32Array))
      throw new Error('the saved classifier has no weights')
    if (weights.length !== scales.length * bias.length) throw new Error('the saved classifier is cut off')
    return new LinearClassifier(bias.length, weights, scales, bias)
  }

  save(): SavedPart {
    return { header: {}, tensors: { weights: this.#weights, scales: this.#scales, bias: this.#bias } }
  }

  /** The probability of each class. */
  probabilities({ indices, values }: SparseVector): Float64Array {
    const { classes } = this
    const scores = Float64Array.from(this.#bias)
    const weights = this.#weights
    for (let at = 0; at < indices.length; at += 1) {
      const column = indices[at]!
      const scale = values[at]! * (this.#scales[column] ?? 0)
      const offset = column * classes
      if (scale !== 0)
        for (let c = 0; c < classes; c += 1) scores[c] = scores[c]! + scale * weights[offset + c]!
    }
    softmaxInPlace(scores)
    return scores
  }
}

/** Scores of rows by models that have not seen them. */
async function holdOut(
  rows: SparseRows,
  labels: Uint32Array,
  classes: number,
  control: TrainingControl,
): Promise<HeldOutScores> {
  const folds = assignFolds(labels, createRandom(control.seed))
  const rounds = rows.count > MANY_ROWS ? 1 : FOLDS
  const heldRows: number[] = []
  const scores: { first: Float32Array; second: Float32Array }[] = []
  for (let fold = 0; fold < rounds; fold += 1) {
    const part = partOf(control, fold / rounds, (fold + 1) / rounds)
    const held = range(rows.count).filter(row => folds[row] === fold)
    const kept = range(rows.count).filter(row => folds[row] !== fold)
    if (held.length === 0) continue
    const training = pick(rows, kept)
    const trainingLabels = kept.map(row => labels[row] ?? 0)
    const first = await trainSoftmaxRegression(training, trainingLabels, classes, partOf(part, 0, 0.5))
    const second = await trainLinearSvm(training, trainingLabels, classes, partOf(part, 0.5, 1))
    const unseen = pick(rows, held)
    scores.push({ first: scoresOf(unseen, first, classes), second: scoresOf(unseen, second, classes) })
    heldRows.push(...held)
  }
  return {
    classes,
    first: joined(scores.map(({ first }) => first)),
    second: joined(scores.map(({ second }) => second)),
    labels: Uint32Array.from(heldRows, row => labels[row] ?? 0),
  }
}

/** Each class is dealt out over the folds in turn; the only row of a class is never held out (its fold is none). */
function assignFolds(labels: Uint32Array, random: Random): Int32Array {
  const order = range(labels.length)
  shuffle(order, random)
  const sizes = new Map<number, number>()
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  const next = new Map<number, number>()
  const folds = new Int32Array(labels.length).fill(-1)
  let start = 0
  for (const row of order) {
    const label = labels[row]!
    if (sizes.get(label) === 1) continue
    // Classes begin at different folds, so that folds are of one size where classes are small.
    const fold = next.get(label) ?? start++ % FOLDS
    folds[row] = fold
    next.set(label, (fold + 1) % FOLDS)
  }
  return folds
}

function pick(rows: SparseRows, chosen: Uint32Array): SparseRows {
  const starts = new Uint32Array(chosen.length + 1)
  chosen.forEach((row, place) => {
    starts[place + 1] = (starts[place] ?? 0) + (rows.starts[row + 1] ?? 0) - (rows.starts[row] ?? 0)
  })
  const columns = new Uint32Array(starts[chosen.length] ?? 0)
  const values = new Float32Array(columns.length)
  chosen.forEach((row, place) => {
    columns.set(rows.columns.subarray(rows.starts[row], rows.starts[row + 1]), starts[place])
    values.set(rows.values.subarray(rows.starts[row], rows.starts[row + 1]), starts[place])
  })
  return { count: chosen.length, width: rows.width, starts, columns, values }
}

function scoresOf(rows: SparseRows, weights: Float32Array, classes: number): Float32Array {
  const scores = new Float32Array(rows.count * classes)
  for (let row = 0; row < rows.count; row += 1) {
    const target = scores.subarray(row * classes, (row + 1) * classes)
    target.set(weights.subarray(rows.width * classes))
    for (let at = rows.starts[row] ?? 0; at < (rows.starts[row + 1] ?? 0); at += 1) {
      const offset = (rows.columns[at] ?? 0) * classes
      const value = rows.values[at] ?? 0
      for (let c = 0; c < classes; c += 1) target[c] = target[c]! + value * weights[offset + c]!
    }
  }
  return scores
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
