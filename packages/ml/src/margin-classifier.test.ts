import test from 'ava'
import { decodePart, encodePart } from './codec.ts'
import { MarginClassifier } from './margin-classifier.ts'
import { createRandom } from './random.ts'
import { type SparseVector, stackRows } from './sparse-rows.ts'

/** Rows of three columns out of ten, from a first column on. */
function rows(seed: number, count: number, first: number): SparseVector[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const columns = new Set<number>()
    while (columns.size < 3) columns.add(first + Math.floor(random() * 10))
    return { indices: Uint32Array.from(columns).sort(), values: new Float32Array(3).fill(0.58) }
  })
}

const train = (): Promise<MarginClassifier> =>
  MarginClassifier.train(stackRows([...rows(1, 40, 0), ...rows(2, 40, 8)], 18), 40, { seed: 1 })

test('rows of the own kind are told from others, also those that training never saw', async t => {
  const classifier = await train()
  t.true(rows(3, 30, 0).every(row => classifier.margin(row) > -0.5))
  const mean = (list: readonly SparseVector[]): number =>
    list.reduce((sum, row) => sum + classifier.margin(row) / list.length, 0)
  t.true(mean(rows(3, 30, 0)) > 0.6)
  t.true(mean(rows(4, 30, 8)) < -0.6)
  const unknown = { indices: Uint32Array.of(500), values: Float32Array.of(1) }
  t.true(Number.isFinite(classifier.margin(unknown)))
})

test('the same rows give the same bytes, and what is loaded says what was trained', async t => {
  const [first, second] = [await train(), await train()]
  const bytes = encodePart(first.save())
  t.deepEqual(bytes, encodePart(second.save()))
  const loaded = MarginClassifier.load(decodePart(bytes))
  for (const row of rows(5, 10, 4)) t.is(loaded.margin(row), first.margin(row))
  t.throws(() => MarginClassifier.load({ header: {}, tensors: {} }), { message: /no weights/ })
})
