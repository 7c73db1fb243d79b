// Terms of a text as 32-bit numbers, so that neither training nor a model keeps their letters. Of 40,000 known terms, one in
// 100,000 unknown ones is taken for one of them: less than what a typing error does.

/** The start of a hash (FNV-1a: Fowler, Noll, Vo), one for each kind of term. */
export const WORD_SEED = 0x811c9dc5
export const PAIR_SEED = 0x5bd1e995
export const LETTERS_SEED = 0x1b873593

/** The hash with one more UTF-16 unit. */
export function addUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193)
}

/** The hash as it is stored: its bits well mixed (the last step of MurmurHash3), from 0 to 2³² − 1. */
export function finishHash(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The hash of a word by itself. */
export function hashWord(word: string): number {
  let hash = WORD_SEED
  for (let at = 0; at < word.length; at += 1) hash = addUnit(hash, word.charCodeAt(at))
  return finishHash(hash)
}

/** Places of hashes in a list, by open addressing. */
export class HashIndex {
  readonly hashes: Uint32Array
  readonly #mask: number
  /** A place in the list and 1, or 0 for nothing. */
  readonly #slots: Uint32Array

  constructor(hashes: Uint32Array) {
    this.hashes = hashes
    let size = 16
    while (size < hashes.length * 2) size *= 2
    this.#mask = size - 1
    this.#slots = new Uint32Array(size)
    hashes.forEach((hash, place) => {
      let slot = hash & this.#mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
      this.#slots[slot] = place + 1
    })
  }

  /** The place of the hash, or −1. */
  find(hash: number): number {
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = this.#slots[slot]!
      if (place === 0) return -1
      if (this.hashes[place - 1] === hash) return place - 1
    }
  }
}
