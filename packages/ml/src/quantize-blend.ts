// Learned weights as bytes: each column's are whole numbers from −127 to 127, times a scale for the machines and one for the units.

import { strideOf } from './kernels/kernels.ts'
import type { LearnedScores } from './train-scores.ts'

export interface BlendTensors {
  /** A row a column: a weight for each class, then one for each unit. */
  readonly weights: Int8Array
  /** Two a column; the blend is part of the first. */
  readonly scales: Float32Array
  readonly bias: Float32Array
  readonly unitBias: Float32Array
  /** A row of `classes` numbers a unit; blend and average are part of it. */
  readonly output: Float32Array
}

/** The blend's two numbers are how much machines and networks count. */
export function quantize(
  learned: LearnedScores,
  [machines, networks]: readonly [number, number],
): BlendTensors {
  const { svm, nets, classes, hidden, rows } = learned
  const stride = strideOf(classes)
  const units = nets.length * hidden
  const width = rows.width
  const row = classes + units
  const weights = new Int8Array(width * row)
  const scales = new Float32Array(2 * width)
  for (let column = 0; column < width; column += 1) {
    const own = svm.weights.subarray(column * stride, column * stride + classes)
    scales[2 * column] = Math.fround(machines * shrink(own, weights, column * row))
    const toUnits = new Float32Array(units)
    nets.forEach((net, index) => {
      toUnits.set(net.input.subarray(column * hidden, (column + 1) * hidden), index * hidden)
    })
    scales[2 * column + 1] = shrink(toUnits, weights, column * row + classes)
  }
  const bias = Float32Array.from(svm.bias, value => value * machines)
  const output = new Float32Array(units * classes)
  const share = networks / nets.length
  nets.forEach((net, index) => {
    for (let c = 0; c < classes; c += 1) bias[c] = bias[c]! + share * net.outputBias[c]!
    for (let unit = 0; unit < hidden; unit += 1)
      for (let c = 0; c < classes; c += 1)
        output[(index * hidden + unit) * classes + c] = share * net.output[unit * stride + c]!
  })
  return {
    weights,
    scales,
    bias,
    unitBias: Float32Array.from(nets.flatMap(net => [...net.inputBias])),
    output,
  }
}

/** Writes the numbers as bytes; returns their scale. */
function shrink(numbers: Float32Array, target: Int8Array, offset: number): number {
  let highest = 0
  for (const number of numbers) highest = Math.max(highest, Math.abs(number))
  const scale = Math.fround(highest / 127)
  if (scale > 0) numbers.forEach((number, at) => (target[offset + at] = Math.round(number / scale)))
  return scale
}
