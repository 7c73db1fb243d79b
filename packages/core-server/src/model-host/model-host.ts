// Holds the model that turns run on; a turn keeps the one it began with, so a swap falls between turns.

import { CodedError } from '@tabula/protocol'
import type { ServedModel } from './served-model.ts'

export class ModelHost {
  #current: ServedModel | null
  readonly #load: (path: string) => Promise<ServedModel>
  readonly #onSwap: (() => void)[] = []

  constructor(initial: ServedModel | null, load: (path: string) => Promise<ServedModel>) {
    this.#current = initial
    this.#load = load
  }

  get current(): ServedModel | null {
    return this.#current
  }

  /** The model at hand; throws the 409 that Rasa answers where there is none. */
  require(): ServedModel {
    if (this.#current === null) {
      throw new CodedError('model.none', 'No model is loaded. Train one, or load one with PUT /model.', {
        status: 409,
      })
    }
    return this.#current
  }

  /** Loads a model beside the current one and then takes it; on failure the current one stays. */
  async load(path: string): Promise<void> {
    this.swap(await this.#load(path))
  }

  swap(model: ServedModel | null): void {
    this.#current = model
    for (const listener of this.#onSwap) listener()
  }

  onSwap(listener: () => void): void {
    this.#onSwap.push(listener)
  }
}
