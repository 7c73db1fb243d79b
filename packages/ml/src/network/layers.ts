// Layers with weights to learn: for sparse rows, for matrices with some connections only, and normalization.

import type { Random } from '../random.ts'
import type { SparseRows } from '../sparse-rows.ts'
import { Matrix, type Tape } from './tape.ts'

/** Numbers that are learned; `penalty` is the weight of their squares in the loss. */
export interface Parameter {
  readonly values: Float32Array
  readonly gradients: Float32Array
  readonly penalty: number
}

export function parameter(values: Float32Array, penalty = 0): Parameter {
  return { values, gradients: new Float32Array(values.length), penalty }
}

/** Uniform numbers whose spread keeps a signal as strong as it came (Glorot and Bengio, 2010). */
export function glorot(count: number, inputs: number, outputs: number, random: Random): Float32Array {
  const limit = Math.sqrt(6 / (inputs + outputs))
  return Float32Array.from({ length: count }, () => (2 * random() - 1) * limit)
}

/** Each column of sparse rows has a row of weights. */
export class SparseLayer {
  readonly units: number
  readonly parameters: readonly [Parameter, Parameter]

  constructor(width: number, units: number, penalty: number, random: Random) {
    this.units = units
    this.parameters = [
      parameter(glorot(width * units, width, units, random), penalty),
      parameter(new Float32Array(units)),
    ]
  }

  apply(tape: Tape | null, rows: SparseRows): Matrix {
    const { units } = this
    const [weights, bias] = this.parameters
    const out = new Matrix(rows.count, units)
    for (let row = 0; row < rows.count; row += 1) {
      out.values.set(bias.values, row * units)
      for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at += 1)
        addScaled(out.values, row * units, weights.values, rows.columns[at]! * units, units, rows.values[at]!)
    }
    tape?.record(() => {
      for (let row = 0; row < rows.count; row += 1) {
        addScaled(bias.gradients, 0, out.gradients, row * units, units, 1)
        for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at += 1)
          addScaled(
            weights.gradients,
            rows.columns[at]! * units,
            out.gradients,
            row * units,
            units,
            rows.values[at]!,
          )
      }
    })
    return out
  }
}

function addScaled(
  into: Float32Array,
  intoStart: number,
  from: Float32Array,
  fromStart: number,
  count: number,
  scale: number,
): void {
  for (let c = 0; c < count; c += 1) into[intoStart + c] = into[intoStart + c]! + scale * from[fromStart + c]!
}

export interface ConnectedShape {
  readonly inputs: number
  readonly outputs: number
  /** Share of the connections that exist, drawn once; each input and output has at least one. */
  readonly density: number
  readonly hasBias?: boolean
  readonly penalty?: number
}

/** A layer of which only some connections exist: those of an input, one after another. */
export class ConnectedLayer {
  readonly shape: ConnectedShape
  readonly parameters: readonly Parameter[]
  /** Input i has the connections starts[i] to starts[i + 1], which lead to these outputs. */
  readonly #starts: Uint32Array
  readonly #outputs: Uint16Array

  /** The connections follow from the random numbers: a layer made anew with the same ones has the same. */
  constructor(shape: ConnectedShape, random: Random) {
    const { inputs, outputs, density, hasBias = true, penalty = 0 } = shape
    this.shape = shape
    const starts = new Uint32Array(inputs + 1)
    const targets: number[] = []
    const short = Math.min(inputs, outputs)
    for (let input = 0; input < inputs; input += 1) {
      for (let output = 0; output < outputs; output += 1)
        if (density >= 1 || random() < density || input % short === output % short) targets.push(output)
      starts[input + 1] = targets.length
    }
    this.#starts = starts
    this.#outputs = Uint16Array.from(targets)
    const weights = parameter(glorot(targets.length, inputs, outputs, random), penalty)
    this.parameters = hasBias ? [weights, parameter(new Float32Array(outputs))] : [weights]
  }

  apply(tape: Tape | null, input: Matrix): Matrix {
    const { inputs, outputs } = this.shape
    const [weights, bias] = this.parameters
    const out = new Matrix(input.rows, outputs)
    const w = weights!.values
    const starts = this.#starts
    const targets = this.#outputs
    const into = out.values
    for (let row = 0; row < input.rows; row += 1) {
      const base = row * outputs
      if (bias !== undefined) into.set(bias.values, base)
      for (let i = 0; i < inputs; i += 1) {
        const x = input.values[row * inputs + i]!
        if (x === 0) continue
        for (let k = starts[i]!, end = starts[i + 1]!; k < end; k += 1) {
          const to = base + targets[k]!
          into[to] = into[to]! + x * w[k]!
        }
      }
    }
    tape?.record(() => {
      const slopes = out.gradients
      const learned = weights!.gradients
      const back = input.gradients
      for (let row = 0; row < input.rows; row += 1) {
        const base = row * outputs
        if (bias !== undefined) addScaled(bias.gradients, 0, slopes, base, outputs, 1)
        for (let i = 0; i < inputs; i += 1) {
          const x = input.values[row * inputs + i]!
          let sum = 0
          for (let k = starts[i]!, end = starts[i + 1]!; k < end; k += 1) {
            const slope = slopes[base + targets[k]!]!
            sum += slope * w[k]!
            learned[k] = learned[k]! + slope * x
          }
          back[row * inputs + i] = back[row * inputs + i]! + sum
        }
      }
    })
    return out
  }
}

/** Each row brought to mean 0 and variance 1, then scaled and moved (Ba, Kiros and Hinton, 2016). */
export class NormalizationLayer {
  readonly parameters: readonly [Parameter, Parameter]

  constructor(columns: number) {
    this.parameters = [parameter(new Float32Array(columns).fill(1)), parameter(new Float32Array(columns))]
  }

  apply(tape: Tape | null, input: Matrix): Matrix {
    const { rows, columns } = input
    const [scale, shift] = this.parameters
    const out = new Matrix(rows, columns)
    const normal = new Float32Array(rows * columns)
    const inverse = new Float32Array(rows)
    for (let row = 0; row < rows; row += 1) {
      const base = row * columns
      let mean = 0
      for (let c = 0; c < columns; c += 1) mean += input.values[base + c]!
      mean /= columns
      let variance = 0
      for (let c = 0; c < columns; c += 1) variance += (input.values[base + c]! - mean) ** 2
      const factor = 1 / Math.sqrt(variance / columns + 1e-6)
      inverse[row] = factor
      for (let c = 0; c < columns; c += 1) {
        const x = (input.values[base + c]! - mean) * factor
        normal[base + c] = x
        out.values[base + c] = x * scale.values[c]! + shift.values[c]!
      }
    }
    tape?.record(() => {
      for (let row = 0; row < rows; row += 1) {
        const base = row * columns
        let sum = 0
        let dot = 0
        for (let c = 0; c < columns; c += 1) {
          const slope = out.gradients[base + c]!
          scale.gradients[c] = scale.gradients[c]! + slope * normal[base + c]!
          shift.gradients[c] = shift.gradients[c]! + slope
          sum += slope * scale.values[c]!
          dot += slope * scale.values[c]! * normal[base + c]!
        }
        for (let c = 0; c < columns; c += 1) {
          const slope = out.gradients[base + c]! * scale.values[c]!
          input.gradients[base + c] =
            input.gradients[base + c]! +
            inverse[row]! * (slope - sum / columns - (normal[base + c]! * dot) / columns)
        }
      }
    })
    return out
  }
}
