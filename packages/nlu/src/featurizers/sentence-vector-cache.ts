// Vectors of sentences by their text: what training has computed is not computed again in one process.

const LIMIT = 50_000

/** A cache of vectors for one encoder; beyond its limit the oldest go. */
export class SentenceVectorCache {
  readonly #vectors = new Map<string, Float32Array>()

  get(text: string): Float32Array | undefined {
    return this.#vectors.get(text)
  }

  set(text: string, vector: Float32Array): void {
    if (this.#vectors.size >= LIMIT) {
      const [oldest] = this.#vectors.keys()
      if (oldest !== undefined) this.#vectors.delete(oldest)
    }
    this.#vectors.set(text, vector)
  }
}
