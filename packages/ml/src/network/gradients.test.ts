// Gradients against differences: a sign that is wrong anywhere would only make learning worse, and never be seen.

import test from 'ava'
import { createRandom } from '../random.ts'
import { attend } from './attention.ts'
import { ConnectedLayer, NormalizationLayer } from './layers.ts'
import { Matrix, type Rows, Tape } from './matrix.ts'
import { add, addPairs, gather, gelu, stack, times, toMatrix, toRows } from './operations.ts'
import { severalLabelsLoss, similarityLoss } from './similarity-loss.ts'
import { createWorkspace } from './workspace.ts'

const random = createRandom(7)
const space = createWorkspace()

/** Random numbers where a row has a feature; what fills a stride up stays zero. */
function matrix(rows: number, features: number): Matrix {
  const made = new Matrix(space, features, rows)
  for (let at = 0; at < made.values.length; at += 1)
    if (at % made.stride < rows) made.values[at] = random() * 2 - 1
  return made
}

const rowsOf = (count: number, features: number): Rows => toRows(null, matrix(count, features))

interface Side {
  readonly values: Float32Array
  readonly gradients: Float32Array
}

/** The largest difference between the gradients of the input and what small changes of it do to the loss. */
function error(input: Matrix, run: (tape: Tape | null, input: Matrix) => Side): number {
  // What only fills a stride up is no result: a loss never looks at it.
  const { rows, stride } = input
  const isOwn = (at: number): boolean => at % stride < rows
  const weights = Float32Array.from({ length: run(null, input).values.length }, () => random() * 2 - 1)
  const shown = run(null, input)
  if (shown instanceof Matrix)
    weights.forEach((_, at) => {
      if (at % shown.stride >= shown.rows) weights[at] = 0
    })
  const loss = (): number =>
    run(null, input).values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)
  const tape = new Tape()
  const out = run(tape, input)
  out.gradients.set(weights)
  tape.backward()
  const own = [...input.values.keys()].filter(isOwn)
  return Math.max(...own.map(at => away(input, at, loss)))
}

function away({ values, gradients }: Side, at: number, loss: () => number): number {
  const step = 1e-2
  const kept = values[at] ?? 0
  values[at] = kept + step
  const above = loss()
  values[at] = kept - step
  const below = loss()
  values[at] = kept
  return Math.abs((above - below) / (2 * step) - (gradients[at] ?? 0))
}

const layer = new ConnectedLayer({ inputs: 8, outputs: 5, density: 0.5 }, random, random)
layer.enter(space)
for (const parameter of layer.parameters) parameter.enter(space)
const normal = new NormalizationLayer(8)
for (const parameter of normal.parameters) parameter.enter(space)
const keys = rowsOf(5, 8)
const sequences = [
  { query: 0, steps: Uint32Array.of(0, 1) },
  { query: 1, steps: Uint32Array.of(2, 3, 4) },
  { query: 0, steps: Uint32Array.of(4) },
]
for (const [name, run] of Object.entries({
  'a layer': (tape: Tape | null, input: Matrix) => layer.apply(tape, input),
  gelu,
  'a factor': (tape: Tape | null, input: Matrix) => times(tape, input, 3),
  'a normalization': (tape: Tape | null, input: Matrix) => normal.apply(tape, input),
  'rows taken twice': (tape: Tape | null, input: Matrix) => gather(tape, input, [1, 0, 1]),
  'a sum of the same': (tape: Tape | null, input: Matrix) => add(tape, input, input),
  'rows and back': (tape: Tape | null, input: Matrix) => toMatrix(tape, toRows(tape, input)),
  'sums of rows': (tape: Tape | null, input: Matrix) => {
    const rows = toRows(tape, input)
    return addPairs(tape, [rows, [0, 1, 1]], [rows, [1, 1, 0]])
  },
  'rows one after another': (tape: Tape | null, input: Matrix) => {
    const rows = toRows(tape, input)
    return stack(tape, rows, rows)
  },
  'queries of attention': (tape: Tape | null, input: Matrix) =>
    attend(tape, { queries: toRows(tape, input), keys, values: keys, sequences, heads: 2 }),
}))
  test(`learning goes the right way through ${name}`, t => {
    const off = error(matrix(2, 8), run)
    t.true(off < 2e-2, String(off))
  })

test('learning goes the right way through keys and values of attention', t => {
  const queries = rowsOf(2, 8)
  const off = error(matrix(5, 8), (tape, input) => {
    const rows = toRows(tape, input)
    return attend(tape, { queries, keys: rows, values: rows, sequences, heads: 2 })
  })
  t.true(off < 2e-2, String(off))
})

for (const isConstrained of [true, false])
  test(`learning goes the right way through the loss, ${isConstrained ? 'constrained' : 'unconstrained'}`, t => {
    const ends = rowsOf(6, 4)
    const loss = (): number =>
      similarityLoss(ends, [0, 1, 2], {
        negatives: 6,
        isConstrained,
        isScaled: false,
        random: createRandom(1),
      })
    loss()
    const gradients = ends.gradients.slice()
    const values = ends.values
    for (let at = 0; at < gradients.length; at += 1) t.true(away({ values, gradients }, at, loss) < 1e-2)
  })

test('learning goes the right way where several labels are right', t => {
  const ends = rowsOf(6, 4)
  const loss = (): number =>
    severalLabelsLoss(ends, [0, 1, 2], [new Set([0, 2]), new Set([1]), new Set([2])], {
      negatives: 5,
      isScaled: false,
      random: createRandom(1),
    })
  loss()
  const gradients = ends.gradients.slice()
  for (let at = 0; at < gradients.length; at += 1)
    t.true(away({ values: ends.values, gradients }, at, loss) < 1e-2)
})

for (const [name, learning] of Object.entries({ layer, normal }))
  test(`weights learn the right way: ${name}`, t => {
    const input = matrix(5, 8)
    const run = (tape: Tape | null): Matrix => learning.apply(tape, input)
    const tape = new Tape()
    const out = run(tape)
    const weights = matrix(5, out.features).values
    const loss = (): number =>
      run(null).values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)
    out.gradients.set(weights)
    for (const parameter of learning.parameters) parameter.gradients.fill(0)
    tape.backward()
    for (const parameter of learning.parameters)
      for (let at = 0; at < parameter.values.length; at += 1) t.true(away(parameter, at, loss) < 2e-2)
  })
