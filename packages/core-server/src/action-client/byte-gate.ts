// Bounds the memory of calls under way: a call carries its whole conversation, so that a few long ones can hold hundreds of
// megabytes. First come, first served; one that is larger than the bound goes alone.

export class ByteGate {
  readonly #bound: number
  readonly #waiting: (() => void)[] = []
  #held = 0

  constructor(bound: number) {
    this.#bound = bound
  }

  /**
   * Runs `work` on what `make` makes; bytes that it holds count until then. It is made when there is room, for what is made
   * while others wait would be memory too.
   */
  async pass<Made extends { readonly json: Buffer }, Result>(
    make: () => Made,
    work: (made: Made) => Promise<Result>,
  ): Promise<Result> {
    const made = await this.#enter(make)
    try {
      return await work(made)
    } finally {
      this.#held -= made.json.length
      while (this.#held < this.#bound && this.#waiting.length > 0) this.#waiting.shift()?.()
    }
  }

  #enter<Made extends { readonly json: Buffer }>(make: () => Made): Made | Promise<Made> {
    const enter = (): Made => {
      const made = make()
      this.#held += made.json.length
      return made
    }
    if (this.#held < this.#bound) return enter()
    const { promise, resolve, reject } = Promise.withResolvers<Made>()
    this.#waiting.push(() => {
      try {
        resolve(enter())
      } catch (error) {
        reject(error)
      }
    })
    return promise
  }
}
