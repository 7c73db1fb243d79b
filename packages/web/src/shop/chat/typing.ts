// Shows that the assistant is at work: dots while an answer is awaited, and a word when it takes long.

const SLOW = 8_000

export class Typing {
  readonly #dots: HTMLElement
  readonly #slow: HTMLElement
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(dots: HTMLElement, slow: HTMLElement) {
    this.#dots = dots
    this.#slow = slow
  }

  /** Called with every change; whether the dots have appeared with this one, which starts the clock of the slow word. */
  show(isAwaited: boolean): boolean {
    if (isAwaited === !this.#dots.hidden) return false
    this.#dots.hidden = !isAwaited
    this.#slow.textContent = ''
    clearTimeout(this.#timer)
    if (!isAwaited) return false
    this.#timer = setTimeout(() => {
      this.#slow.textContent = 'This takes a little longer. The answer comes here.'
    }, SLOW)
    return true
  }
}
