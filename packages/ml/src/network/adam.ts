// Adam (Kingma and Ba, 2015): steps as long as the gradients' history says.

import type { Parameter } from './parameter.ts'
import type { Workspace } from './workspace.ts'

/** Shares of the history that stay in the means and in the squares; the kernels have the same. */
const FIRST = 0.9
const SECOND = 0.999

export class Adam {
  readonly #space: Workspace
  readonly #parameters: readonly Parameter[]
  readonly #rate: number
  readonly #history: readonly { readonly means: Float32Array; readonly squares: Float32Array }[]
  #step = 0

  constructor(space: Workspace, parameters: readonly Parameter[], rate: number) {
    this.#space = space
    this.#parameters = parameters
    this.#rate = rate
    this.#history = parameters.map(({ values }) => ({
      means: space.floats(values.length),
      squares: space.floats(values.length),
    }))
  }

  /** Moves all parameters against their gradients, which are zero afterwards. */
  step(): void {
    this.#step += 1
    const rate = (this.#rate * Math.sqrt(1 - SECOND ** this.#step)) / (1 - FIRST ** this.#step)
    this.#parameters.forEach(({ values, gradients, penalty }, index) => {
      const { means, squares } = this.#history[index]!
      this.#space.kernels.adam(values, gradients, means, squares, rate, 2 * penalty)
    })
  }
}
