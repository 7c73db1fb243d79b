// Stops calling an action server that does not answer: a caller learns at once what waiting would tell it late.

export interface CircuitSettings {
  /** Calls in a row without an answer before it opens. */
  readonly failures: number
  /** Milliseconds until the first trial; doubled after each trial that fails, up to `longestPause`. */
  readonly pause: number
  readonly longestPause: number
}

/** What a call that went out came to; exactly one of them is told. */
export interface Passage {
  /** There was an answer, good or bad. */
  answered(): void
  /** There was none; true where that opened the circuit. */
  unanswered(): boolean
  /** The caller gave up first, which says nothing of the server. */
  abandoned(): void
}

/** Closed: calls go out. Open: none does, until after a pause one call is the trial, and its end decides for all. */
export class CircuitBreaker {
  readonly #settings: CircuitSettings
  readonly #now: () => number
  #failures = 0
  #pause: number
  /** When an open circuit lets a trial out; null where it is closed. */
  #trialAt: number | null = null
  #isTrialOut = false

  /** `now` is a clock in milliseconds that never goes back. */
  constructor(settings: CircuitSettings, now: () => number) {
    this.#settings = settings
    this.#now = now
    this.#pause = settings.pause
  }

  /** The call's passage; null where it must not go out now. */
  admit(): Passage | null {
    const isTrial = this.#trialAt !== null
    if (isTrial && (this.#isTrialOut || this.#now() < (this.#trialAt ?? 0))) return null
    this.#isTrialOut ||= isTrial
    return {
      answered: () => {
        this.#close()
      },
      unanswered: () => this.#count(isTrial),
      abandoned: () => {
        if (isTrial) this.#isTrialOut = false
      },
    }
  }

  /** Calls in a row that brought no answer. */
  get failures(): number {
    return this.#failures
  }

  #close(): void {
    this.#failures = 0
    this.#trialAt = null
    this.#isTrialOut = false
    this.#pause = this.#settings.pause
  }

  #count(isTrial: boolean): boolean {
    this.#failures += 1
    const isOpen = this.#trialAt !== null
    // Calls that went out before it opened tell nothing new.
    if (isOpen && !isTrial) return false
    if (!isOpen && this.#failures < this.#settings.failures) return false
    if (isOpen) this.#pause = Math.min(this.#pause * 2, this.#settings.longestPause)
    this.#isTrialOut = false
    this.#trialAt = this.#now() + this.#pause
    return !isOpen
  }
}
