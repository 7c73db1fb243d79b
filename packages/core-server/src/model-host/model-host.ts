// Holds the models that turns run on: the live one, and while it is tried out a canary for a share of the senders. A turn
// keeps the model it began with, so a swap falls between turns.

import { createHash } from 'node:crypto'
import { CodedError } from '@tabula/protocol'
import type { ServedModel } from './served-model.ts'

/** A model that is tried out on a share (0 to 1) of the senders. */
export interface Canary {
  readonly model: ServedModel
  readonly share: number
}

export class ModelHost {
  #live: ServedModel | null
  #canary: Canary | null = null
  #previous: ServedModel | null = null
  readonly #load: (path: string) => Promise<ServedModel>
  readonly #onSwap: (() => void)[] = []

  constructor(initial: ServedModel | null, load: (path: string) => Promise<ServedModel>) {
    this.#live = initial
    this.#load = load
  }

  /** The live model. */
  get current(): ServedModel | null {
    return this.#live
  }

  get canary(): Canary | null {
    return this.#canary
  }

  /** The model that was live before the last swap: what `rollBack` returns to. */
  get previous(): ServedModel | null {
    return this.#previous
  }

  /** The sender's model, the live one where none is named; throws the 409 that Rasa answers where there is none. */
  require(sender?: string): ServedModel {
    if (this.#canary !== null && sender !== undefined && isChosen(sender, this.#canary))
      return this.#canary.model
    if (this.#live === null) {
      throw new CodedError('model.none', 'No model is loaded. Train one, or load one with PUT /model.', {
        status: 409,
      })
    }
    return this.#live
  }

  /** Loads a model beside the live one and then takes it; on failure the live one stays. */
  async load(path: string): Promise<void> {
    this.swap(await this.#load(path))
  }

  /** Makes the model live; a canary ends with it. */
  swap(model: ServedModel | null): void {
    this.#previous = this.#live
    this.#live = model
    this.#canary = null
    this.#swapped()
  }

  /** Loads a model for this share of the senders; the same sender is always on the same side. On failure nothing changes. */
  async startCanary(path: string, share: number): Promise<Canary> {
    this.require()
    const known = this.#canary?.model
    const model = known?.file !== undefined && known.file === path ? known : await this.#load(path)
    this.#canary = { model, share }
    this.#swapped()
    return this.#canary
  }

  /** Makes the canary the live model of all senders. Throws CodedError `model.no-canary` (409) where there is none. */
  promoteCanary(): void {
    if (this.#canary === null) throw noCanary()
    this.swap(this.#canary.model)
  }

  /** Gives the canary's senders back to the live model. Throws CodedError `model.no-canary` (409) where there is none. */
  dropCanary(): void {
    if (this.#canary === null) throw noCanary()
    this.#canary = null
    this.#swapped()
  }

  /** Makes the model live that was so before the last swap. Throws CodedError `model.no-previous` (409) where none was. */
  rollBack(): void {
    if (this.#previous === null)
      throw new CodedError('model.no-previous', 'There is no earlier model to go back to.', { status: 409 })
    this.swap(this.#previous)
  }

  onSwap(listener: () => void): void {
    this.#onSwap.push(listener)
  }

  #swapped(): void {
    for (const listener of this.#onSwap) listener()
  }
}

/** By a hash of sender and model: each canary is tried on other senders, and one sender is on one side of it. */
function isChosen(sender: string, { model, share }: Canary): boolean {
  const digest = createHash('sha256').update(`${model.metadata.model_id}\n${sender}`).digest()
  return digest.readUInt32BE(0) < share * 2 ** 32
}

function noCanary(): CodedError {
  return new CodedError('model.no-canary', 'No model is being tried out.', { status: 409 })
}
