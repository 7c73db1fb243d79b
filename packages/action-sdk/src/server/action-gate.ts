// How many actions run at once, and how many calls wait for their turn: first come, first served.

import { CodedError } from '@tabula/protocol'

export class ActionGate {
  readonly #maxRunning: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning
    this.#maxWaiting = maxWaiting
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** The work's result, once it has had its turn. Throws CodedError `actions.busy` (503) where too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#maxRunning) await this.#turn()
    else this.#running += 1
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      // Who waits takes the place over, so that nobody slips in between.
      if (next === undefined) this.#running -= 1
      else next()
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new CodedError(
        'actions.busy',
        `${this.#maxRunning} actions are running and ${this.#maxWaiting} calls are waiting. Try again soon.`,
        { status: 503 },
      )
    }
    return new Promise(resolve => {
      this.#waiting.push(resolve)
    })
  }
}
