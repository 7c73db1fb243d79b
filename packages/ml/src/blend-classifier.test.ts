import test from 'ava'
import fc from 'fast-check'
import { decodePart, encodePart } from './codec.ts'
import { BlendClassifier } from './blend-classifier.ts'
import { createRandom } from './random.ts'
import { type SparseVector, stackRows } from './sparse-rows.ts'

/** Rows of classes that share some columns: class c prefers columns c·10 to c·10 + 9. */
function sample(
  seed: number,
  classes: number,
  perClass: number,
): { rows: SparseVector[]; labels: Uint32Array } {
  const random = createRandom(seed)
  const rows: SparseVector[] = []
  const labels: number[] = []
  for (let label = 0; label < classes; label += 1)
    for (let row = 0; row < perClass; row += 1) {
      const columns = new Set<number>()
      while (columns.size < 6)
        columns.add(
          random() < 0.7 ? label * 10 + Math.floor(random() * 10) : Math.floor(random() * classes * 10),
        )
      const indices = Uint32Array.from(columns).sort()
      rows.push({ indices, values: new Float32Array(indices.length).fill(1 / Math.sqrt(indices.length)) })
      labels.push(label)
    }
  return { rows, labels: Uint32Array.from(labels) }
}

async function trainOn(seed: number, classes: number, perClass: number): Promise<BlendClassifier> {
  const { rows, labels } = sample(1, classes, perClass)
  return BlendClassifier.train(stackRows(rows, classes * 10), labels, classes, { seed })
}

function best(probabilities: Float64Array): number {
  return probabilities.indexOf(Math.max(...probabilities))
}

test('rows that it has not seen are put where they belong, and sureness is honest', async t => {
  const classifier = await trainOn(1, 4, 30)
  const unseen = sample(2, 4, 50)
  let right = 0
  let sure = 0
  unseen.rows.forEach((row, index) => {
    const probabilities = classifier.probabilities(row)
    if (best(probabilities) === unseen.labels[index]) right += 1
    sure += Math.max(...probabilities)
  })
  const accuracy = right / unseen.rows.length
  t.true(accuracy > 0.9, `accuracy ${accuracy}`)
  t.true(Math.abs(sure / unseen.rows.length - accuracy) < 0.1, `mean confidence ${sure / unseen.rows.length}`)
})

test('a row of nothing known is not taken for anything', async t => {
  const classifier = await trainOn(1, 4, 30)
  const nothing = classifier.probabilities({ indices: new Uint32Array(), values: new Float32Array() })
  t.true(Math.max(...nothing) < 0.5)
})

test('the same data and seed give the same bytes, and what is loaded predicts what was trained', async t => {
  const one = await trainOn(7, 3, 20)
  const other = await trainOn(7, 3, 20)
  const bytes = encodePart(one.save())
  t.deepEqual(encodePart(other.save()), bytes)
  const loaded = BlendClassifier.load(decodePart(bytes))
  for (const row of sample(3, 3, 10).rows) t.deepEqual(loaded.probabilities(row), one.probabilities(row))
})

test('for every row probabilities sum to one, also with columns that training never saw', async t => {
  const classifier = await trainOn(1, 3, 10)
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(60)), fc.double({ min: 0, max: 1, noNaN: true }), (columns, value) => {
      const indices = Uint32Array.from(columns).sort()
      const sum = classifier
        .probabilities({ indices, values: new Float32Array(indices.length).fill(value) })
        .reduce((total, probability) => total + probability, 0)
      t.true(Math.abs(sum - 1) < 1e-9)
    }),
  )
})

test('two classes of one row each can be learned', async t => {
  const row = (column: number): SparseVector => ({
    indices: Uint32Array.of(column),
    values: Float32Array.of(1),
  })
  const classifier = await BlendClassifier.train(stackRows([row(0), row(1)], 2), Uint32Array.of(0, 1), 2, {
    seed: 1,
  })
  t.is(best(classifier.probabilities(row(0))), 0)
  t.is(best(classifier.probabilities(row(1))), 1)
})

test('a training that is stopped ends with the reason', async t => {
  const stop = new AbortController()
  const { rows, labels } = sample(1, 4, 30)
  const control = {
    seed: 1,
    breathe: async () => {
      stop.abort(new Error('enough'))
      stop.signal.throwIfAborted()
    },
  }
  await t.throwsAsync(BlendClassifier.train(stackRows(rows, 40), labels, 4, control), { message: 'enough' })
})
