// Attention of one query a sequence to the sequence's steps, with several heads (Vaswani and others, 2017).

import { softmaxInPlace } from '../softmax.ts'
import { Matrix, type Tape } from './tape.ts'

export interface Attended {
  /** A row a sequence. */
  readonly queries: Matrix
  readonly keys: Matrix
  readonly values: Matrix
  /** Rows of keys and values that belong to a sequence. */
  readonly steps: readonly ArrayLike<number>[]
  readonly heads: number
}

/** What each query finds: the values of its steps, weighted by how well their keys fit. */
export function attend(tape: Tape | null, { queries, keys, values, steps, heads }: Attended): Matrix {
  const { columns } = queries
  const depth = columns / heads
  const scale = 1 / Math.sqrt(depth)
  const out = new Matrix(queries.rows, columns)
  const all: Float32Array[] = []
  steps.forEach((own, row) => {
    for (let head = 0; head < heads; head += 1) {
      const offset = head * depth
      const query = row * columns + offset
      const weights = new Float32Array(own.length)
      for (let step = 0; step < own.length; step += 1) {
        const key = own[step]! * columns + offset
        let dot = 0
        for (let c = 0; c < depth; c += 1) dot += queries.values[query + c]! * keys.values[key + c]!
        weights[step] = dot * scale
      }
      softmaxInPlace(weights)
      all.push(weights)
      for (let step = 0; step < own.length; step += 1) {
        const value = own[step]! * columns + offset
        const weight = weights[step]!
        for (let c = 0; c < depth; c += 1)
          out.values[query + c] = out.values[query + c]! + weight * values.values[value + c]!
      }
    }
  })
  tape?.record(() => {
    steps.forEach((own, row) => {
      const slopes = new Float32Array(own.length)
      for (let head = 0; head < heads; head += 1) {
        const offset = head * depth
        const query = row * columns + offset
        const weights = all[row * heads + head]!
        let mean = 0
        for (let step = 0; step < own.length; step += 1) {
          const value = own[step]! * columns + offset
          let slope = 0
          for (let c = 0; c < depth; c += 1) {
            const given = out.gradients[query + c]!
            slope += given * values.values[value + c]!
            values.gradients[value + c] = values.gradients[value + c]! + weights[step]! * given
          }
          slopes[step] = slope
          mean += weights[step]! * slope
        }
        for (let step = 0; step < own.length; step += 1) {
          const key = own[step]! * columns + offset
          const slope = weights[step]! * (slopes[step]! - mean) * scale
          for (let c = 0; c < depth; c += 1) {
            queries.gradients[query + c] = queries.gradients[query + c]! + slope * keys.values[key + c]!
            keys.gradients[key + c] = keys.gradients[key + c]! + slope * queries.values[query + c]!
          }
        }
      }
    })
  })
  return out
}
