// Matrices, and the tape that remembers how they were made, so that gradients find their way back (reverse mode).

import type { Workspace } from './workspace.ts'

/** Numbers and the gradient of the loss by each of them, which is zero until something is added to it. */
abstract class Numbers {
  readonly space: Workspace
  readonly values: Float32Array
  #gradients: Float32Array | undefined

  constructor(space: Workspace, length: number, isUnset: boolean) {
    this.space = space
    this.values = isUnset ? space.unset(length) : space.floats(length)
  }

  get gradients(): Float32Array {
    return (this.#gradients ??= this.space.floats(this.values.length))
  }
}

/** A feature after another, each with `stride` numbers: one a row, and zeros above. */
export class Matrix extends Numbers {
  readonly features: number
  readonly rows: number
  readonly stride: number

  /** With `isUnset` the numbers are what stood there before, those above the rows too: all of them must be written. */
  constructor(space: Workspace, features: number, rows: number, isUnset = false) {
    const stride = space.strideOf(rows)
    super(space, features * stride, isUnset)
    this.features = features
    this.rows = rows
    this.stride = stride
  }
}

/** A row after another, each with `size` numbers: its features, and zeros up to a multiple of 4. */
export class Rows extends Numbers {
  readonly features: number
  readonly count: number
  readonly size: number

  constructor(space: Workspace, count: number, features: number) {
    const size = Math.ceil(features / 4) * 4
    super(space, count * size, false)
    this.features = features
    this.count = count
    this.size = size
  }
}

/** What has to be done to carry gradients back, in the order of the way forward. null stands for a tape where nothing is learned. */
export class Tape {
  readonly #steps: (() => void)[] = []

  record(step: () => void): void {
    this.#steps.push(step)
  }

  /** Carries the gradients of the last matrix back to the first. */
  backward(): void {
    for (let at = this.#steps.length - 1; at >= 0; at -= 1) this.#steps[at]?.()
  }
}
