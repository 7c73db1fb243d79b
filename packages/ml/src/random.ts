// Random numbers that a seed decides: the same seed gives the same training on every machine.

/** Numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number

/** Mulberry32 (Tommy Ettinger, 2017): 32 bits of state, enough for shuffles and initial weights. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Puts the items into a random order (Fisher and Yates), in place. */
export function shuffle(items: { [index: number]: number; readonly length: number }, random: Random): void {
  for (let end = items.length - 1; end > 0; end -= 1) {
    const at = Math.floor(random() * (end + 1))
    const kept = items[end] ?? 0
    items[end] = items[at] ?? 0
    items[at] = kept
  }
}

/** 0, 1, … count − 1. */
export function range(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index)
}
