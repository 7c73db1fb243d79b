import test from 'ava'
import fc from 'fast-check'
import { decodePart, encodePart } from './codec.ts'
import { ConditionalRandomField, type LabelRules } from './crf.ts'
import { trainCrf } from './train-crf.ts'
import type { SparseVector } from './sparse-rows.ts'

const anything: LabelRules = { labels: 3, isFirst: () => true, mayFollow: () => true }
/** 2 stands after 1 alone. */
const ordered: LabelRules = {
  labels: 3,
  isFirst: label => label !== 2,
  mayFollow: (before, label) => (label === 2) === (before === 1),
}

const token = (...features: number[]): SparseVector => ({
  indices: Uint32Array.from(features),
  values: new Float32Array(features.length).fill(1),
})

/** Feature 3 is a name's first word, feature 4 its second; 0 to 2 are other words. */
const DATA = [
  { tokens: [token(0), token(3), token(4)], labels: [0, 1, 2] },
  { tokens: [token(3), token(4), token(1)], labels: [1, 2, 0] },
  { tokens: [token(2), token(0)], labels: [0, 0] },
  { tokens: [token(1), token(3), token(4), token(2)], labels: [0, 1, 2, 0] },
]

async function trained(rules: LabelRules): Promise<ConditionalRandomField> {
  return ConditionalRandomField.of(rules, await trainCrf(DATA, rules, 5, { seed: 1 }))
}

test('labels are found in an order that was not seen', async t => {
  const field = await trained(anything)
  const { labels, marginals } = field.tag([token(2), token(1), token(3), token(4)])
  t.deepEqual(labels, [0, 0, 1, 2])
  t.true((marginals[2]?.[1] ?? 0) > 0.7)
})

test('for every sequence the labels follow the rules, and each token’s probabilities sum to one', async t => {
  const field = await trained(ordered)
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(fc.nat(6)), { minLength: 1, maxLength: 8 }), features => {
      const { labels, marginals } = field.tag(
        features.map(names => token(...names.toSorted((a, b) => a - b))),
      )
      labels.forEach((label, at) => {
        const before = labels[at - 1]
        t.true(before === undefined ? ordered.isFirst(label) : ordered.mayFollow(before, label))
      })
      for (const row of marginals)
        t.true(Math.abs(row.reduce((sum, probability) => sum + probability, 0) - 1) < 1e-6)
    }),
  )
})

/** Sums over all paths, the slow way. */
test('probabilities are those of all ways of labelling taken together', async t => {
  const weights = await trainCrf(DATA, anything, 5, { seed: 1 })
  const field = ConditionalRandomField.of(anything, weights)
  const sequence = [token(0, 3), token(4), token(1, 2)]
  const { tensors } = field.save()
  const weight = (feature: number, label: number): number =>
    (tensors['features']?.[feature * 3 + label] ?? 0) * (tensors['scales']?.[feature] ?? 0)
  const sums = sequence.map(() => [0, 0, 0])
  let total = 0
  for (let path = 0; path < 27; path += 1) {
    const labels = [path % 3, Math.floor(path / 3) % 3, Math.floor(path / 9)]
    let score = 0
    labels.forEach((label, at) => {
      for (const feature of sequence[at]?.indices ?? []) score += weight(feature, label)
      // With every transition allowed, the step from b to l stands at l · 3 + b.
      if (at > 0) score += tensors['transitions']?.[label * 3 + (labels[at - 1] ?? 0)] ?? 0
    })
    total += Math.exp(score)
    labels.forEach((label, at) => {
      const row = sums[at] ?? []
      row[label] = (row[label] ?? 0) + Math.exp(score)
    })
  }
  field.tag(sequence).marginals.forEach((row, at) => {
    row.forEach((probability, label) => {
      t.true(Math.abs(probability - (sums[at]?.[label] ?? 0) / total) < 1e-9)
    })
  })
})

test('the same data and seed give the same bytes, and a loaded field tags alike', async t => {
  const bytes = encodePart((await trained(ordered)).save())
  t.deepEqual(encodePart((await trained(ordered)).save()), bytes)
  const loaded = ConditionalRandomField.load(ordered, decodePart(bytes))
  t.deepEqual(
    loaded.tag([token(0), token(3), token(4)]),
    (await trained(ordered)).tag([token(0), token(3), token(4)]),
  )
})

test('no tokens have no labels', async t => {
  t.deepEqual((await trained(anything)).tag([]), { labels: [], marginals: [] })
})
