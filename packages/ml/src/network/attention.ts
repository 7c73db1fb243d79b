// Attention of one query a sequence to the sequence's steps, with several heads (Vaswani and others, 2017).

import { softmaxInPlace } from '../softmax.ts'
import { Rows, type Tape } from './matrix.ts'

export interface Attended {
  readonly queries: Rows
  readonly keys: Rows
  readonly values: Rows
  /** By sequence, the row of its query and the rows of its keys and values. */
  readonly sequences: readonly { readonly query: number; readonly steps: Uint32Array }[]
  /** Their parts of a row have a multiple of 4 numbers. */
  readonly heads: number
}

/** What each query finds: the values of its steps, weighted by how well their keys fit. A row a sequence. */
export function attend(tape: Tape | null, { queries, keys, values, sequences, heads }: Attended): Rows {
  const { space, size } = queries
  const { kernels } = space
  const depth = size / heads
  const scale = 1 / Math.sqrt(depth)
  const out = new Rows(space, sequences.length, size)
  const count = heads * sequences.reduce((sum, { steps }) => sum + steps.length, 0)
  // A pair is a head's part of a query and of a key; those of a query's head follow each other.
  const asking = space.words(count)
  const asked = space.words(count)
  const finding = space.words(count)
  const ends: number[] = []
  let at = 0
  sequences.forEach(({ query, steps }, row) => {
    for (let head = 0; head < heads; head += 1) {
      for (const step of steps) {
        asking[at] = query * heads + head
        asked[at] = step * heads + head
        finding[at] = row * heads + head
        at += 1
      }
      ends.push(at)
    }
  })
  const weights = space.unset(count)
  kernels.pairProducts(weights, queries.values, asking, keys.values, asked, depth)
  for (let pair = 0; pair < count; pair += 1) weights[pair] = weights[pair]! * scale
  let start = 0
  for (const end of ends) {
    softmaxInPlace(weights, start, end)
    start = end
  }
  kernels.pairAdd(out.values, finding, values.values, asked, weights, depth)
  tape?.record(() => {
    const slopes = space.unset(count)
    kernels.pairProducts(slopes, out.gradients, finding, values.values, asked, depth)
    kernels.pairAdd(values.gradients, asked, out.gradients, finding, weights, depth)
    let first = 0
    for (const end of ends) {
      let mean = 0
      for (let pair = first; pair < end; pair += 1) mean += weights[pair]! * slopes[pair]!
      for (let pair = first; pair < end; pair += 1)
        slopes[pair] = weights[pair]! * (slopes[pair]! - mean) * scale
      first = end
    }
    kernels.pairAdd(queries.gradients, asking, keys.values, asked, slopes, depth)
    kernels.pairAdd(keys.gradients, asked, queries.values, asking, slopes, depth)
  })
  return out
}
