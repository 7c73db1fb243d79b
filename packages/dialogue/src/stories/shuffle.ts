// A seeded shuffle, so that the same stories give the same training conversations.

/** The items in an order that the seed alone decides. */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = splitMix(seed)
  const keyed = items.map(item => ({ item, key: random() }))
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item)
}

/** SplitMix32: numbers from 0 up to 1. */
function splitMix(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
}
