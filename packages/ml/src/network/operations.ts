// What is done to matrices between the layers; each operation tells the tape how its gradients go back.

import { Matrix, Rows, type Tape } from './matrix.ts'

/** The state of the random numbers that decide what is dropped. */
export interface Noise {
  state: number
}

/** The rows of these numbers, some perhaps several times. */
export function gather(tape: Tape | null, from: Matrix, rows: ArrayLike<number>): Matrix {
  const out = new Matrix(from.space, from.features, rows.length)
  for (let feature = 0; feature < from.features; feature += 1) {
    const source = feature * from.stride
    const target = feature * out.stride
    for (let row = 0; row < rows.length; row += 1)
      out.values[target + row] = from.values[source + rows[row]!]!
  }
  tape?.record(() => {
    const into = from.gradients
    const slopes = out.gradients
    for (let feature = 0; feature < from.features; feature += 1) {
      const source = feature * from.stride
      const target = feature * out.stride
      for (let row = 0; row < rows.length; row += 1) {
        const at = source + rows[row]!
        into[at] = into[at]! + slopes[target + row]!
      }
    }
  })
  return out
}

/** Both added, number by number. */
export function add(tape: Tape | null, left: Matrix, right: Matrix): Matrix {
  const out = new Matrix(left.space, left.features, left.rows, true)
  for (let at = 0; at < out.values.length; at += 1) out.values[at] = left.values[at]! + right.values[at]!
  tape?.record(() => {
    const slopes = out.gradients
    for (const { gradients } of [left, right])
      for (let at = 0; at < slopes.length; at += 1) gradients[at] = gradients[at]! + slopes[at]!
  })
  return out
}

/** Each number times the factor. */
export function times(tape: Tape | null, input: Matrix, factor: number): Matrix {
  const out = new Matrix(input.space, input.features, input.rows, true)
  for (let at = 0; at < out.values.length; at += 1) out.values[at] = input.values[at]! * factor
  tape?.record(() => {
    const slopes = out.gradients
    const into = input.gradients
    for (let at = 0; at < slopes.length; at += 1) into[at] = into[at]! + slopes[at]! * factor
  })
  return out
}

/** Gaussian error linear units. */
export function gelu(tape: Tape | null, input: Matrix): Matrix {
  const { kernels } = input.space
  const out = new Matrix(input.space, input.features, input.rows, true)
  const steepness = input.space.unset(out.values.length)
  kernels.gelu(out.values, steepness, input.values)
  tape?.record(() => {
    kernels.multiplyAdd(input.gradients, out.gradients, steepness)
  })
  return out
}

/** Some of the numbers set to zero by chance and the others made larger in turn; as they are where nothing is learned. */
export function dropout(tape: Tape | null, input: Matrix, rate: number, noise: Noise): Matrix {
  if (tape === null || rate === 0) return input
  const { kernels } = input.space
  const out = new Matrix(input.space, input.features, input.rows, true)
  const kept = input.space.unset(out.values.length)
  noise.state = kernels.drop(out.values, kept, input.values, noise.state, rate)
  tape.record(() => {
    kernels.multiplyAdd(input.gradients, out.gradients, kept)
  })
  return out
}

/** The same numbers, a row after another. */
export function toRows(tape: Tape | null, input: Matrix): Rows {
  const { features, rows, stride } = input
  const out = new Rows(input.space, rows, features)
  for (let feature = 0; feature < features; feature += 1)
    for (let row = 0; row < rows; row += 1)
      out.values[row * out.size + feature] = input.values[feature * stride + row]!
  tape?.record(() => {
    const slopes = out.gradients
    const into = input.gradients
    for (let feature = 0; feature < features; feature += 1)
      for (let row = 0; row < rows; row += 1) {
        const at = feature * stride + row
        into[at] = into[at]! + slopes[row * out.size + feature]!
      }
  })
  return out
}

/** The same numbers, a feature after another. */
export function toMatrix(tape: Tape | null, input: Rows): Matrix {
  const { features, count, size } = input
  const out = new Matrix(input.space, features, count)
  for (let feature = 0; feature < features; feature += 1)
    for (let row = 0; row < count; row += 1)
      out.values[feature * out.stride + row] = input.values[row * size + feature]!
  tape?.record(() => {
    const slopes = out.gradients
    const into = input.gradients
    for (let feature = 0; feature < features; feature += 1)
      for (let row = 0; row < count; row += 1) {
        const at = row * size + feature
        into[at] = into[at]! + slopes[feature * out.stride + row]!
      }
  })
  return out
}

/** For each n the sum of row left[n] of one and row right[n] of another. */
export function addPairs(
  tape: Tape | null,
  [one, left]: readonly [Rows, ArrayLike<number>],
  [other, right]: readonly [Rows, ArrayLike<number>],
): Rows {
  const { space, features, size } = one
  const { kernels } = space
  const out = new Rows(space, left.length, features)
  const each = space.words(left.length)
  for (let at = 0; at < each.length; at += 1) each[at] = at
  const sides = [
    { rows: one, from: space.words(left.length) },
    { rows: other, from: space.words(left.length) },
  ] as const
  sides[0].from.set(left)
  sides[1].from.set(right)
  for (const { rows, from } of sides) kernels.pairAdd(out.values, each, rows.values, from, null, size)
  tape?.record(() => {
    for (const { rows, from } of sides) kernels.pairAdd(rows.gradients, from, out.gradients, each, null, size)
  })
  return out
}

/** The rows of one and then those of the other. */
export function stack(tape: Tape | null, first: Rows, second: Rows): Rows {
  const out = new Rows(first.space, first.count + second.count, first.features)
  out.values.set(first.values)
  out.values.set(second.values, first.values.length)
  tape?.record(() => {
    const slopes = out.gradients
    let from = 0
    for (const { gradients } of [first, second]) {
      for (let at = 0; at < gradients.length; at += 1) gradients[at] = gradients[at]! + slopes[from + at]!
      from += gradients.length
    }
  })
  return out
}

/** Writes the rows into some rows and features of others. */
export function scatter(
  tape: Tape | null,
  from: Matrix,
  into: Matrix,
  rows: readonly number[],
  offset: number,
): void {
  const copy = (each: (own: number, other: number) => void): void => {
    for (let feature = 0; feature < from.features; feature += 1)
      rows.forEach((row, index) => {
        each(feature * from.stride + index, (offset + feature) * into.stride + row)
      })
  }
  copy((own, other) => {
    into.values[other] = from.values[own]!
  })
  tape?.record(() => {
    const slopes = into.gradients
    const back = from.gradients
    copy((own, other) => {
      back[own] = slopes[other]!
    })
  })
}
