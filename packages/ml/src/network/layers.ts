// Layers with weights to learn: for sparse rows, for matrices with some connections only, and normalization.

import type { Links } from '../kernels/network-kernels.ts'
import type { Random } from '../random.ts'
import type { SparseRows } from '../sparse-rows.ts'
import { Matrix, type Tape } from './matrix.ts'
import { Parameter } from './parameter.ts'
import type { Workspace } from './workspace.ts'

/** Where the first weights come from: zero, to be loaded, without random numbers. */
export type Drawn = Random | null

/** Uniform numbers whose spread keeps a signal as strong as it came (Glorot and Bengio, 2010). */
export function glorot(count: number, inputs: number, outputs: number, random: Drawn): Float32Array {
  const values = new Float32Array(count)
  if (random === null) return values
  const limit = Math.sqrt(6 / (inputs + outputs))
  for (let at = 0; at < count; at += 1) values[at] = (2 * random() - 1) * limit
  return values
}

/** Each column of sparse rows has a row of weights. */
export class SparseLayer {
  readonly units: number
  readonly parameters: readonly [Parameter, Parameter]

  constructor(width: number, units: number, penalty: number, random: Drawn) {
    this.units = units
    this.parameters = [
      new Parameter(glorot(width * units, width, units, random), penalty),
      new Parameter(new Float32Array(units)),
    ]
  }

  apply(space: Workspace, tape: Tape | null, rows: SparseRows): Matrix {
    const { units } = this
    const [weights, bias] = this.parameters
    const out = new Matrix(space, units, rows.count)
    const { stride, values } = out
    for (let unit = 0; unit < units; unit += 1)
      values.fill(bias.values[unit]!, unit * stride, unit * stride + rows.count)
    each(rows, (row, column, value) => {
      for (let unit = 0; unit < units; unit += 1) {
        const at = unit * stride + row
        values[at] = values[at]! + value * weights.values[column * units + unit]!
      }
    })
    tape?.record(() => {
      const slopes = out.gradients
      space.kernels.sums(bias.gradients, slopes, null)
      each(rows, (row, column, value) => {
        for (let unit = 0; unit < units; unit += 1) {
          const at = column * units + unit
          weights.gradients[at] = weights.gradients[at]! + value * slopes[unit * stride + row]!
        }
      })
    })
    return out
  }
}

function each(rows: SparseRows, visit: (row: number, column: number, value: number) => void): void {
  for (let row = 0; row < rows.count; row += 1)
    for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at += 1)
      visit(row, rows.columns[at]!, rows.values[at]!)
}

export interface ConnectedShape {
  readonly inputs: number
  readonly outputs: number
  /** Share of the connections that exist, drawn once; each input and output has at least one. */
  readonly density: number
  readonly hasBias?: boolean
  readonly penalty?: number
}

/** A layer of which only some connections exist: those of an output, one after another. */
export class ConnectedLayer {
  readonly shape: ConnectedShape
  readonly parameters: readonly Parameter[]
  #links: Links
  /** Links and weights the other way round, from inputs to outputs, while the layer learns. */
  #back: { readonly links: Links; readonly order: Uint32Array; readonly weights: Float32Array } | null = null

  /** Which connections exist follows from `ways`: a layer made anew with the same ones has the same. */
  constructor(shape: ConnectedShape, ways: Random, random: Drawn) {
    const { inputs, outputs, hasBias = true, penalty = 0 } = shape
    this.shape = shape
    this.#links = drawLinks(shape, ways)
    const weights = new Parameter(glorot(this.#links.inputs.length, inputs, outputs, random), penalty)
    this.parameters = hasBias ? [weights, new Parameter(new Float32Array(outputs))] : [weights]
  }

  /** Makes ready to learn. */
  enter(space: Workspace): void {
    this.#links = inSpace(space, this.#links)
    const { links, order } = turned(this.#links, this.shape.inputs)
    this.#back = { links: inSpace(space, links), order, weights: space.floats(order.length) }
  }

  leave(): void {
    const { starts, inputs } = this.#links
    this.#links = { starts: Uint32Array.from(starts), inputs: Uint32Array.from(inputs) }
    this.#back = null
  }

  apply(tape: Tape | null, input: Matrix): Matrix {
    const { space } = input
    const [weights, bias] = this.parameters
    const out = new Matrix(space, this.shape.outputs, input.rows, bias !== undefined)
    const links = this.#links
    space.kernels.connect(out.values, input.values, links, weights!.values, bias?.values ?? null)
    tape?.record(() => {
      const slopes = out.gradients
      const back = this.#back
      if (back === null) throw new Error('a layer learns only in a workspace')
      if (bias !== undefined) space.kernels.sums(bias.gradients, slopes, null)
      space.kernels.connectSlopes(weights!.gradients, input.values, slopes, links)
      for (let k = 0; k < back.order.length; k += 1) back.weights[k] = weights!.values[back.order[k]!]!
      space.kernels.connect(input.gradients, slopes, back.links, back.weights, null)
    })
    return out
  }
}

function drawLinks({ inputs, outputs, density }: ConnectedShape, ways: Random): Links {
  const starts = new Uint32Array(outputs + 1)
  const sources = new Uint32Array(inputs * outputs)
  const short = Math.min(inputs, outputs)
  let count = 0
  for (let output = 0; output < outputs; output += 1) {
    for (let input = 0; input < inputs; input += 1)
      if (density >= 1 || ways() < density || input % short === output % short) {
        sources[count] = input
        count += 1
      }
    starts[output + 1] = count
  }
  return { starts, inputs: sources.slice(0, count) }
}

/** The links by input; `order` says which link each of them was. */
function turned(
  { starts, inputs }: Links,
  count: number,
): { readonly links: Links; readonly order: Uint32Array } {
  const turnedStarts = new Uint32Array(count + 1)
  for (const input of inputs) turnedStarts[input + 1] = turnedStarts[input + 1]! + 1
  for (let input = 0; input < count; input += 1)
    turnedStarts[input + 1] = turnedStarts[input + 1]! + turnedStarts[input]!
  const next = turnedStarts.slice()
  const outputs = new Uint32Array(inputs.length)
  const order = new Uint32Array(inputs.length)
  for (let output = 0; output + 1 < starts.length; output += 1)
    for (let k = starts[output]!; k < starts[output + 1]!; k += 1) {
      const at = next[inputs[k]!]!
      next[inputs[k]!] = at + 1
      outputs[at] = output
      order[at] = k
    }
  return { links: { starts: turnedStarts, inputs: outputs }, order }
}

function inSpace(space: Workspace, links: Links): Links {
  const starts = space.words(links.starts.length)
  const inputs = space.words(links.inputs.length)
  starts.set(links.starts)
  inputs.set(links.inputs)
  return { starts, inputs }
}

/** Each row brought to mean 0 and variance 1, then scaled and moved (Ba, Kiros and Hinton, 2016). */
export class NormalizationLayer {
  readonly parameters: readonly [Parameter, Parameter]

  constructor(features: number) {
    this.parameters = [
      new Parameter(new Float32Array(features).fill(1)),
      new Parameter(new Float32Array(features)),
    ]
  }

  apply(tape: Tape | null, input: Matrix): Matrix {
    const { space, features, rows } = input
    const { kernels } = space
    const [scale, shift] = this.parameters
    const out = new Matrix(space, features, rows, true)
    const normal = space.unset(out.values.length)
    const inverse = space.unset(out.stride)
    kernels.normalize(out.values, normal, inverse, input.values, scale.values, shift.values)
    tape?.record(() => {
      const slopes = out.gradients
      kernels.sums(scale.gradients, slopes, normal)
      kernels.sums(shift.gradients, slopes, null)
      kernels.normalizeSlopes(input.gradients, slopes, normal, inverse, scale.values)
    })
    return out
  }
}
