// Keeps the live model at what a source offers: asked at start, then every so often; what fails leaves the old one serving.

import { CodedError } from '@tabula/protocol'
import type { Log } from '../telemetry/log.ts'
import type { FetchedModel, ModelSource } from './model-source.ts'
import type { ServedModel } from './served-model.ts'

export interface ModelWatchParts {
  readonly source: ModelSource
  /** Seconds between two questions; null or 0 asks once. */
  readonly pause: number | null
  readonly load: (fetched: FetchedModel) => Promise<ServedModel>
  readonly onModel: (model: ServedModel) => void
  readonly log: Log
}

export class ModelWatch {
  readonly #parts: ModelWatchParts
  #known: string | null = null
  #timer: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(parts: ModelWatchParts) {
    this.#parts = parts
  }

  /** Asks once and then keeps asking; resolves after the first answer, whatever it was. */
  async start(): Promise<void> {
    await this.look()
    const { pause } = this.#parts
    if (pause === null || pause <= 0 || this.#isClosed) return
    this.#timer = setTimeout(() => void this.start(), pause * 1000)
    this.#timer.unref()
  }

  /** Asks the source; true where a new model was taken. Never rejects: a failure is logged and changes nothing. */
  async look(): Promise<boolean> {
    const { source, load, onModel, log } = this.#parts
    try {
      const fetched = await source.fetch(this.#known)
      if (fetched === null) return false
      // Also of one that cannot be loaded: it is not downloaded again until the source has another.
      this.#known = fetched.fingerprint
      const model = await load(fetched)
      if (this.#isClosed) return false
      onModel(model)
      log.info({ code: 'model.fetched', place: source.place, file: fetched.name }, 'A new model is live.')
      return true
    } catch (err) {
      const known = err instanceof CodedError
      log.error(
        { code: known ? err.code : 'model.source', place: source.place, err },
        'No new model could be had; the old one goes on serving.',
      )
      return false
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#parts.source.close()
  }
}
