// One training of what a blend is made of: support vector machines, and networks one after another, in one arena.

import type { HeldOutScores } from './blend.ts'
import {
  longestRow,
  networkBytes,
  type NetworkOptions,
  type NetworkWeights,
  trainNetwork,
} from './hidden-layer.ts'
import { type Arena, arenaBytes, createArena, strideOf } from './kernels/kernels.ts'
import { type LinearWeights, svmBytes, trainLinearSvm } from './linear-svm.ts'
import { type PlacedRows, placeRows, rowsBytes } from './placed-rows.ts'
import { range } from './random.ts'
import type { SparseRows } from './sparse-rows.ts'
import { partOf, type TrainingControl } from './training-control.ts'

/** What was learned; all of it lies in the arena. */
export interface LearnedScores {
  readonly arena: Arena
  readonly rows: PlacedRows
  readonly classes: number
  readonly hidden: number
  readonly svm: LinearWeights
  readonly nets: readonly NetworkWeights[]
}

/** Learns from the chosen rows; labels are those of all rows. */
export async function learnScores(
  rows: SparseRows,
  chosen: Uint32Array,
  labels: Uint32Array,
  classes: number,
  options: NetworkOptions & { readonly networks: number },
  control: TrainingControl,
): Promise<LearnedScores> {
  const { networks, hidden } = options
  const scratch = 2 * arenaBytes(strideOf(classes)) + 3 * arenaBytes(hidden)
  const bytes =
    rowsBytes(rows) +
    svmBytes(rows.width, classes) +
    networks * networkBytes(rows.width, classes, hidden, longestRow(rows)) +
    scratch
  const arena = createArena(bytes)
  const placed = placeRows(arena, rows)
  const svm = await trainLinearSvm(arena, placed, chosen, labels, classes, partOf(control, 0, 0.1))
  const nets: NetworkWeights[] = []
  for (let index = 0; index < networks; index += 1) {
    const part = partOf(control, 0.1 + (0.9 * index) / networks, 0.1 + (0.9 * (index + 1)) / networks)
    const seeded = { ...part, seed: control.seed + index }
    nets.push(await trainNetwork(arena, placed, chosen, labels, classes, options, seeded))
  }
  return { arena, rows: placed, classes, hidden, svm, nets }
}

/** The scores of rows that were not learned from. */
export function scoreRows(learned: LearnedScores, chosen: Uint32Array, labels: Uint32Array): HeldOutScores {
  const { arena, rows, classes, hidden, svm, nets } = learned
  const { kernels } = arena
  const scores = arena.floats(strideOf(classes))
  const output = arena.floats(strideOf(classes))
  const sums = arena.floats(hidden)
  const units = { columns: arena.words(hidden), values: arena.floats(hidden) }
  units.columns.set(range(hidden))
  const first = new Float32Array(chosen.length * classes)
  const second = new Float32Array(chosen.length * classes)
  chosen.forEach((row, place) => {
    const [from, to] = [rows.starts[row]!, rows.starts[row + 1]!]
    scores.fill(0)
    kernels.gather(scores, svm.weights, rows, from, to)
    for (let c = 0; c < classes; c += 1) first[place * classes + c] = scores[c]! + svm.bias[c]!
    for (const net of nets) {
      sums.fill(0)
      kernels.gather(sums, net.input, rows, from, to)
      for (let unit = 0; unit < hidden; unit += 1)
        units.values[unit] = Math.max(0, sums[unit]! + net.inputBias[unit]!)
      output.fill(0)
      kernels.gather(output, net.output, units, 0, hidden)
      for (let c = 0; c < classes; c += 1) {
        const at = place * classes + c
        second[at] = second[at]! + (output[c]! + net.outputBias[c]!) / nets.length
      }
    }
  })
  return { classes, first, second, labels: Uint32Array.from(chosen, row => labels[row]!), rows: chosen }
}
