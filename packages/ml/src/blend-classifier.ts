// A classifier of sparse rows: support vector machines and small networks whose scores count together as held-out rows show
// that they should, so that its probabilities are honest.

import { fitBlend, guessHeldOut, type HeldOutGuess, type HeldOutScores } from './blend.ts'
import type { SavedPart } from './codec.ts'
import { assignFolds } from './folds.ts'
import type { NetworkOptions } from './hidden-layer.ts'
import { createRandom, range } from './random.ts'
import { type BlendTensors, quantize } from './quantize-blend.ts'
import { softmaxInPlace } from './softmax.ts'
import type { SparseRows, SparseVector } from './sparse-rows.ts'
import { learnScores, scoreRows } from './train-scores.ts'
import { partOf, type TrainingControl } from './training-control.ts'

/** What training does; chosen on folds of training data alone (bench/nlu-search.mjs). */
export interface BlendOptions extends NetworkOptions {
  /** Networks whose scores are averaged. */
  readonly networks: number
  /** How many folds are held out in turn; where it is one, a fifth of the rows. */
  readonly folds: number
}

/** Steps of a network over small data; large data gets at least so many passes. */
const STEPS = 22_000
const PASSES = { least: 16, most: 60 }
const FOLDS_OF_ONE = 5

/** The usual options for so many rows. */
export function blendOptions(rows: number): BlendOptions {
  const isSmall = rows <= 2000
  return {
    networks: isSmall ? 3 : 2,
    folds: rows <= 400 ? 5 : rows <= 3000 ? 3 : 1,
    hidden: isSmall ? 32 : 64,
    epochs: Math.min(PASSES.most, Math.max(PASSES.least, Math.round(STEPS / Math.max(rows, 1)))),
    rate: 0.1,
    inputDropout: 0.2,
    hiddenDropout: 0.2,
    smoothing: 0.1,
  }
}

export class BlendClassifier {
  readonly classes: number
  readonly width: number
  /** Right after training: what it would have guessed of rows that it had not seen; not saved. */
  readonly heldOut: readonly HeldOutGuess[]
  readonly #tensors: BlendTensors
  readonly #units: number

  private constructor(tensors: BlendTensors, heldOut: readonly HeldOutGuess[] = []) {
    this.heldOut = heldOut
    this.#tensors = tensors
    this.classes = tensors.bias.length
    this.#units = tensors.unitBias.length
    this.width = tensors.scales.length / 2
  }

  /** Learns which rows belong to which of `classes` classes; the same rows and seed give the same weights. */
  static async train(
    rows: SparseRows,
    labels: Uint32Array,
    classes: number,
    control: TrainingControl,
    options: BlendOptions = blendOptions(rows.count),
  ): Promise<BlendClassifier> {
    const { folds: rounds } = options
    const folds = assignFolds(labels, rounds === 1 ? FOLDS_OF_ONE : rounds, createRandom(control.seed))
    const held: HeldOutScores[] = []
    for (let fold = 0; fold < rounds; fold += 1) {
      const part = partOf(control, (0.6 * fold) / rounds, (0.6 * (fold + 1)) / rounds)
      const unseen = range(rows.count).filter(row => folds[row] === fold)
      if (unseen.length === 0) continue
      const seen = range(rows.count).filter(row => folds[row] !== fold)
      // One network is enough to see how sure its kind may be.
      const learned = await learnScores(rows, seen, labels, classes, { ...options, networks: 1 }, part)
      held.push(scoreRows(learned, unseen, labels))
    }
    const learned = await learnScores(
      rows,
      range(rows.count),
      labels,
      classes,
      options,
      partOf(control, 0.6, 1),
    )
    const shares = fitBlend(held)
    return new BlendClassifier(quantize(learned, shares), guessHeldOut(held, shares))
  }

  static load({ tensors }: SavedPart): BlendClassifier {
    const { weights, scales, bias, unitBias, output } = tensors
    if (
      !(weights instanceof Int8Array) ||
      ![scales, bias, unitBias, output].every(tensor => tensor instanceof Float32Array)
    )
      throw new Error('the saved classifier has no weights')
    const blend = { weights, scales, bias, unitBias, output } as BlendTensors
    const [columns, classes, units] = [blend.scales.length / 2, blend.bias.length, blend.unitBias.length]
    if (blend.weights.length !== columns * (classes + units) || blend.output.length !== units * classes)
      throw new Error('the saved classifier is cut off')
    return new BlendClassifier(blend)
  }

  save(): SavedPart {
    return { header: {}, tensors: { ...this.#tensors } }
  }

  /** The probability of each class. */
  probabilities(row: SparseVector): Float64Array {
    const scores = this.scores(row)
    softmaxInPlace(scores)
    return scores
  }

  /** The score of each class: its logarithmic odds, but for a constant. */
  scores({ indices, values }: SparseVector): Float64Array {
    const { weights, scales, bias, unitBias, output } = this.#tensors
    const { classes } = this
    const units = this.#units
    const stride = classes + units
    const scores = Float64Array.from(bias)
    const sums = Float64Array.from(unitBias)
    for (let at = 0; at < indices.length; at += 1) {
      const column = indices[at]!
      const value = values[at]!
      const offset = column * stride
      const machine = value * (scales[2 * column] ?? 0)
      if (machine !== 0)
        for (let c = 0; c < classes; c += 1) scores[c] = scores[c]! + machine * weights[offset + c]!
      const network = value * (scales[2 * column + 1] ?? 0)
      if (network !== 0)
        for (let unit = 0; unit < units; unit += 1)
          sums[unit] = sums[unit]! + network * weights[offset + classes + unit]!
    }
    for (let unit = 0; unit < units; unit += 1) {
      const sum = sums[unit]!
      if (sum > 0)
        for (let c = 0; c < classes; c += 1) scores[c] = scores[c]! + sum * output[unit * classes + c]!
    }
    return scores
  }
}
