// Numbers that are learned.

import type { Workspace } from './workspace.ts'

export class Parameter {
  /** Weight of their squares in the loss. */
  readonly penalty: number
  /** Where they are now: in a workspace while they are learned. */
  values: Float32Array
  gradients: Float32Array = new Float32Array()

  constructor(values: Float32Array, penalty = 0) {
    this.values = values
    this.penalty = penalty
  }

  enter(space: Workspace): void {
    const values = space.floats(this.values.length)
    values.set(this.values)
    this.values = values
    this.gradients = space.floats(values.length)
  }

  leave(): void {
    this.values = Float32Array.from(this.values)
    this.gradients = new Float32Array()
  }
}
