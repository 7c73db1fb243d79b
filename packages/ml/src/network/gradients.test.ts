// Gradients against differences: a sign that is wrong anywhere would only make learning worse, and never be seen.

import test from 'ava'
import { createRandom } from '../random.ts'
import { attend } from './attention.ts'
import { ConnectedLayer, NormalizationLayer } from './layers.ts'
import { similarityLoss } from './similarity-loss.ts'
import { add, gather, gelu, Matrix, Tape } from './tape.ts'

const random = createRandom(7)
const matrix = (rows: number, columns: number): Matrix =>
  new Matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => random() * 2 - 1),
  )

/** The largest difference between the gradients of the input and what small changes of it do to the loss. */
function error(input: Matrix, run: (tape: Tape | null, input: Matrix) => Matrix): number {
  const weights = Float32Array.from({ length: run(null, input).values.length }, () => random() * 2 - 1)
  const loss = (): number =>
    run(null, input).values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)
  const tape = new Tape()
  const out = run(tape, input)
  out.gradients.set(weights)
  tape.backward()
  const step = 1e-2
  return Math.max(
    ...input.values.keys().map(at => {
      const kept = input.values[at] ?? 0
      input.values[at] = kept + step
      const above = loss()
      input.values[at] = kept - step
      const below = loss()
      input.values[at] = kept
      return Math.abs((above - below) / (2 * step) - (input.gradients[at] ?? 0))
    }),
  )
}

const layer = new ConnectedLayer({ inputs: 6, outputs: 4, density: 0.5 }, random)
const normal = new NormalizationLayer(6)
const keys = matrix(5, 6)
const steps = [
  [0, 1],
  [2, 3, 4],
]
for (const [name, run] of Object.entries({
  'a layer': (tape: Tape | null, input: Matrix) => layer.apply(tape, input),
  gelu,
  'a normalization': (tape: Tape | null, input: Matrix) => normal.apply(tape, input),
  'rows taken twice': (tape: Tape | null, input: Matrix) => gather(tape, input, [1, 0, 1]),
  'a sum of the same': (tape: Tape | null, input: Matrix) => add(tape, input, input),
  'queries of attention': (tape: Tape | null, input: Matrix) =>
    attend(tape, { queries: input, keys, values: keys, steps, heads: 2 }),
}))
  test(`learning goes the right way through ${name}`, t => {
    t.true(error(matrix(2, 6), run) < 1e-2)
  })

test('learning goes the right way through keys and values of attention', t => {
  const queries = matrix(2, 6)
  t.true(
    error(matrix(5, 6), (tape, input) =>
      attend(tape, { queries, keys: input, values: input, steps, heads: 2 }),
    ) < 1e-2,
  )
})

test('learning goes the right way through the loss', t => {
  const inputs = matrix(3, 4)
  const labels = matrix(3, 4)
  const loss = (): number =>
    similarityLoss(inputs, labels, [0, 1, 2], {
      negatives: 6,
      isConstrained: true,
      isScaled: false,
      random: createRandom(1),
    })
  loss()
  const sides = [inputs, labels].map(side => ({ side, gradients: side.gradients.slice() }))
  for (const { side, gradients } of sides) {
    for (let at = 0; at < gradients.length; at += 1) {
      const kept = side.values[at] ?? 0
      side.values[at] = kept + 1e-2
      const above = loss()
      side.values[at] = kept - 1e-2
      const below = loss()
      side.values[at] = kept
      t.true(Math.abs((above - below) / 2e-2 - (gradients[at] ?? 0)) < 1e-2)
    }
  }
})
