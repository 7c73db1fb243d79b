import test from 'ava'
import { decodePart, encodePart } from './codec.ts'
import { SequenceNetwork } from './sequence-network.ts'
import type { SequenceShape, SequenceStep } from './sequence-shape.ts'

const SHAPE: SequenceShape = {
  fields: [
    { name: 'heard', width: 3, units: 8, encoded: 12 },
    { name: 'done', width: 2, units: 8 },
  ],
  labels: 3,
  units: 16,
  heads: 2,
  hidden: 32,
  embedding: 8,
  encodedLabel: 12,
  density: 0.5,
  penalty: 0.001,
}
const HOW = {
  epochs: 60,
  batchSizes: [4, 8] as const,
  learningRate: 0.01,
  dropRate: 0,
  negatives: 5,
  isConstrained: true,
  isScaled: true,
}
const one = (column: number) => ({ indices: Uint32Array.of(column), values: Float32Array.of(1) })
/** What follows depends on the step before the latest one, too: no single step decides. */
const STEPS: readonly SequenceStep[] = [
  [one(0), null],
  [one(1), null],
  [one(2), one(0)],
  [null, one(1)],
]
const EXAMPLES = {
  steps: STEPS,
  sequences: [[2, 0], [2, 1], [3, 0], [3, 1], [0]].map(each => Uint32Array.from(each)),
  labels: Uint32Array.of(0, 1, 1, 0, 2),
}

async function trained(seed: number): Promise<SequenceNetwork> {
  const network = new SequenceNetwork(SHAPE, seed)
  await network.train(EXAMPLES, HOW, { seed })
  return network
}

const best = (network: SequenceNetwork, sequence: Uint32Array): number => {
  const scores = network.similarities([...sequence].map(index => STEPS[index] ?? []))
  return scores.indexOf(Math.max(...scores))
}

test('what follows is learned also where two steps decide together', async t => {
  const network = await trained(3)
  t.deepEqual(
    EXAMPLES.sequences.map(sequence => best(network, sequence)),
    [...EXAMPLES.labels],
  )
})

test('a network that was saved ranks as it did, and the same seed gives the same bytes', async t => {
  const [first, second, other] = [await trained(3), await trained(3), await trained(4)]
  const bytes = encodePart(first.save())
  t.deepEqual(encodePart(second.save()), bytes)
  t.notDeepEqual(encodePart(other.save()), bytes)
  const loaded = SequenceNetwork.load(decodePart(bytes))
  for (const sequence of EXAMPLES.sequences) {
    const steps = [...sequence].map(index => STEPS[index] ?? [])
    t.deepEqual(loaded.similarities(steps), first.similarities(steps))
  }
})

test('several labels may be right for one sequence', async t => {
  const network = new SequenceNetwork(SHAPE, 5)
  const sequences = [[0], [0], [1]].map(each => Uint32Array.from(each))
  const alsoRight = [new Set([0, 1]), new Set([0, 1]), new Set([2])]
  await network.train(
    { steps: STEPS, sequences, labels: Uint32Array.of(0, 1, 2), alsoRight },
    { ...HOW, epochs: 100 },
    { seed: 5 },
  )
  const [first = 0, second = 0, third = 0] = network.similarities([STEPS[0] ?? []])
  t.true(first > 0 && second > 0 && third < 0, `${first} ${second} ${third}`)
})

test('a training that is given up ends with the reason', async t => {
  const network = new SequenceNetwork(SHAPE, 1)
  const stop = new Error('enough')
  await t.throwsAsync(network.train(EXAMPLES, HOW, { seed: 1, breathe: () => Promise.reject(stop) }), {
    is: stop,
  })
})
