// What English words mean, as vectors that come with the package (data/README.md says of what they are made): a message's words
// that no example has still say something. Read once, when a bot in English trains or loads its first classifier.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodePart, HashIndex, hashWord } from '@tabula/ml'

/** Vectors by words; all have one length. */
export class WordVectors {
  readonly size: number
  /** What a model remembers them by: with other vectors its weights would mean nothing. */
  readonly id: string
  readonly #index: HashIndex
  readonly #rows: Int8Array

  constructor(id: string, words: Uint32Array, rows: Int8Array) {
    this.id = id
    this.size = rows.length / words.length
    this.#index = new HashIndex(words)
    this.#rows = rows
  }

  has(word: string): boolean {
    return this.#index.find(hashWord(word)) >= 0
  }

  /** Adds the word's vector times `scale`; false where the word is unknown. */
  addTo(target: Float32Array, word: string, scale: number): boolean {
    const place = this.#index.find(hashWord(word))
    if (place < 0) return false
    const offset = place * this.size
    for (let at = 0; at < this.size; at += 1)
      target[at] = (target[at] ?? 0) + scale * (this.#rows[offset + at] ?? 0)
    return true
  }
}

const known = new Map<string, WordVectors | null>()

/** The vectors for a language, or null where there are none. */
export function wordVectorsFor(language: string): WordVectors | null {
  const name = language.split(/[_-]/)[0]?.toLowerCase() ?? ''
  let vectors = known.get(name)
  if (vectors === undefined) {
    vectors = name === 'en' ? read('en') : null
    known.set(name, vectors)
  }
  return vectors
}

function read(name: string): WordVectors {
  const file = join(import.meta.dirname, '..', '..', 'data', `word-vectors-${name}.bin`)
  const { header, tensors } = decodePart(readFileSync(file))
  const { words, rows } = tensors
  if (!(words instanceof Uint32Array && rows instanceof Int8Array))
    throw new Error(`${file} holds no word vectors`)
  return new WordVectors(`${name}/${words.length}/${String(header['size'])}`, words, rows)
}
