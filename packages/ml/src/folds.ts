// Deals rows out over folds, so that some can be held out while the others are learned from.

import { type Random, range, shuffle } from './random.ts'

/** The fold of each row: classes are spread evenly; the only row of a class is never held out (its fold is −1). */
export function assignFolds(labels: Uint32Array, count: number, random: Random): Int32Array {
  const order = range(labels.length)
  shuffle(order, random)
  const sizes = new Map<number, number>()
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  const next = new Map<number, number>()
  const folds = new Int32Array(labels.length).fill(-1)
  let start = 0
  for (const row of order) {
    const label = labels[row]!
    if (sizes.get(label) === 1) continue
    // Classes begin at different folds, so that folds are of one size where classes are small.
    const fold = next.get(label) ?? start++ % count
    folds[row] = fold
    next.set(label, (fold + 1) % count)
  }
  return folds
}
