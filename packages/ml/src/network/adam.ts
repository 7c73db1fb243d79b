// Adam (Kingma and Ba, 2015): steps as long as the gradients' history says.

import type { Parameter } from './layers.ts'

const FIRST = 0.9
const SECOND = 0.999
const TINY = 1e-7

export class Adam {
  readonly #parameters: readonly Parameter[]
  readonly #rate: number
  readonly #means: Float32Array[]
  readonly #squares: Float32Array[]
  #step = 0

  constructor(parameters: readonly Parameter[], rate: number) {
    this.#parameters = parameters
    this.#rate = rate
    this.#means = parameters.map(({ values }) => new Float32Array(values.length))
    this.#squares = parameters.map(({ values }) => new Float32Array(values.length))
  }

  /** Moves all parameters against their gradients, which are zero afterwards. */
  step(): void {
    this.#step += 1
    const rate = (this.#rate * Math.sqrt(1 - SECOND ** this.#step)) / (1 - FIRST ** this.#step)
    this.#parameters.forEach(({ values, gradients, penalty }, index) => {
      const means = this.#means[index]!
      const squares = this.#squares[index]!
      for (let at = 0; at < values.length; at += 1) {
        const slope = gradients[at]! + 2 * penalty * values[at]!
        const mean = FIRST * means[at]! + (1 - FIRST) * slope
        const square = SECOND * squares[at]! + (1 - SECOND) * slope * slope
        means[at] = mean
        squares[at] = square
        values[at] = values[at]! - (rate * mean) / (Math.sqrt(square) + TINY)
      }
      gradients.fill(0)
    })
  }
}
