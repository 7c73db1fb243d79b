// A network with one hidden layer over sparse rows, by stochastic gradient descent: rectified units, dropout of inputs and
// units (Srivastava and others, JMLR 2014), smoothed labels (Szegedy and others, CVPR 2016). It starts near zero, where it is
// all but linear, and so learns few, shared directions: that is what helps where classes have few examples.

import { type Arena, arenaBytes, type Kernels, strideOf } from './kernels/kernels.ts'
import type { PlacedRows } from './placed-rows.ts'
import { createRandom, type Random, range, shuffle } from './random.ts'
import { softmaxInPlace } from './softmax.ts'
import type { TrainingControl } from './training-control.ts'

export interface NetworkOptions {
  /** Units of the hidden layer, a multiple of 4. */
  readonly hidden: number
  readonly epochs: number
  readonly rate: number
  /** Share of a row's entries, and of units, that each step leaves out. */
  readonly inputDropout: number
  readonly hiddenDropout: number
  /** Share of a label that is spread over all classes. */
  readonly smoothing: number
}

export interface NetworkWeights {
  /** A row of `hidden` numbers a column. */
  readonly input: Float32Array
  readonly inputBias: Float32Array
  /** A row of `strideOf(classes)` numbers a unit. */
  readonly output: Float32Array
  readonly outputBias: Float32Array
}

/** Weights start between minus this and this. */
const START = 0.1
/** How much slower the units' constants learn. */
const BIAS_RATE = 0.1

/** What training takes of an arena, in bytes; `longest` is the most entries that a row has. */
export function networkBytes(width: number, classes: number, hidden: number, longest: number): number {
  const stride = strideOf(classes)
  return (
    arenaBytes(width * hidden) +
    arenaBytes(hidden * stride) +
    4 * arenaBytes(hidden) +
    arenaBytes(stride) +
    2 * arenaBytes(longest)
  )
}

/** The most entries that a row has. */
export function longestRow({ count, starts }: PlacedRows): number {
  let longest = 0
  for (let row = 0; row < count; row += 1) longest = Math.max(longest, starts[row + 1]! - starts[row]!)
  return longest
}

/** The weights, which lie in the arena. `chosen` are the rows to learn from; labels are those of all rows. */
export async function trainNetwork(
  arena: Arena,
  rows: PlacedRows,
  chosen: Uint32Array,
  labels: Uint32Array,
  classes: number,
  options: NetworkOptions,
  control: TrainingControl,
): Promise<NetworkWeights> {
  const random = createRandom(control.seed)
  const step = new NetworkStep(arena, rows, classes, options, random)
  const order = chosen.slice()
  const steps = options.epochs * order.length
  let done = 0
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    shuffle(order, random)
    for (const [place, row] of order.entries()) {
      if (place % 256 === 0) {
        await control.breathe?.()
        control.onProgress?.(done / steps)
      }
      step.learn(row, labels[row]!, options.rate * (1 - done / steps))
      done += 1
    }
  }
  return step.weights
}

class NetworkStep {
  readonly weights: NetworkWeights
  readonly #rows: PlacedRows
  readonly #kernels: Kernels
  readonly #options: NetworkOptions
  readonly #random: Random
  readonly #classes: number
  readonly #kept: { readonly columns: Uint32Array; readonly values: Float32Array }
  readonly #units: { readonly columns: Uint32Array; readonly values: Float32Array }
  readonly #sums: Float32Array
  readonly #scores: Float32Array
  readonly #blame: Float32Array

  constructor(arena: Arena, rows: PlacedRows, classes: number, options: NetworkOptions, random: Random) {
    const { hidden } = options
    const stride = strideOf(classes)
    const longest = longestRow(rows)
    this.#rows = rows
    this.#kernels = arena.kernels
    this.#options = options
    this.#random = random
    this.#classes = classes
    const input = arena.floats(rows.width * hidden)
    const output = arena.floats(hidden * stride)
    for (let at = 0; at < input.length; at += 1) input[at] = START * (2 * random() - 1)
    const reach = 1 / Math.sqrt(hidden)
    for (let unit = 0; unit < hidden; unit += 1)
      for (let c = 0; c < classes; c += 1) output[unit * stride + c] = reach * (2 * random() - 1)
    this.weights = {
      input,
      inputBias: new Float32Array(hidden),
      output,
      outputBias: new Float32Array(classes),
    }
    this.#units = { columns: arena.words(hidden), values: arena.floats(hidden) }
    this.#units.columns.set(range(hidden))
    this.#sums = arena.floats(hidden)
    this.#blame = arena.floats(hidden)
    this.#scores = arena.floats(stride)
    this.#kept = { columns: arena.words(longest), values: arena.floats(longest) }
  }

  learn(row: number, label: number, rate: number): void {
    const { input, inputBias, output, outputBias } = this.weights
    const { hidden, hiddenDropout, smoothing } = this.#options
    const kernels = this.#kernels
    const kept = this.#dropEntries(row)
    const sums = this.#sums
    sums.fill(0)
    kernels.gather(sums, input, this.#kept, 0, kept)
    const units = this.#units
    for (let unit = 0; unit < hidden; unit += 1) {
      const sum = sums[unit]! + inputBias[unit]!
      const isOn = sum > 0 && (hiddenDropout === 0 || this.#random() >= hiddenDropout)
      units.values[unit] = isOn ? sum / (1 - hiddenDropout) : 0
    }
    const scores = this.#scores
    scores.fill(0)
    kernels.gather(scores, output, units, 0, hidden)
    this.#toGradient(label, smoothing, outputBias)
    const blame = this.#blame
    kernels.products(blame, output, scores)
    for (let unit = 0; unit < hidden; unit += 1)
      blame[unit] = units.values[unit]! > 0 ? blame[unit]! / (1 - hiddenDropout) : 0
    kernels.scatter(output, units, 0, hidden, scores, -rate)
    kernels.scatter(input, this.#kept, 0, kept, blame, -rate)
    for (let c = 0; c < this.#classes; c += 1) outputBias[c] = outputBias[c]! - rate * scores[c]!
    for (let unit = 0; unit < hidden; unit += 1)
      inputBias[unit] = inputBias[unit]! - BIAS_RATE * rate * blame[unit]!
  }

  /** Copies the entries that stay; returns how many. */
  #dropEntries(row: number): number {
    const { starts, columns, values } = this.#rows
    const { inputDropout } = this.#options
    const scale = 1 / (1 - inputDropout)
    let kept = 0
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
      if (inputDropout > 0 && this.#random() < inputDropout) continue
      this.#kept.columns[kept] = columns[at]!
      this.#kept.values[kept] = values[at]! * scale
      kept += 1
    }
    return kept
  }

  /** Scores become the gradient of the loss: probabilities, less the smoothed label. */
  #toGradient(label: number, smoothing: number, bias: Float32Array): void {
    const own = this.#scores.subarray(0, this.#classes)
    for (let c = 0; c < own.length; c += 1) own[c] = own[c]! + bias[c]!
    softmaxInPlace(own)
    for (let c = 0; c < own.length; c += 1) own[c] = own[c]! - smoothing / own.length
    own[label] = own[label]! - (1 - smoothing)
  }
}
