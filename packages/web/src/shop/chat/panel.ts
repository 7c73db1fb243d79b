// The chat's window and the button that opens it; whether it is open is remembered.

const KEY = 'tabula-shop.chat-open'
/** Narrower than this, the open chat covers the page, so that it opens on demand alone. */
const NARROW = '(max-width: 639px)'

export interface PanelParts {
  readonly panel: HTMLElement
  readonly launcher: HTMLButtonElement
  readonly close: HTMLButtonElement
  readonly badge: HTMLElement
  readonly field: HTMLElement
}

export class Panel {
  readonly #parts: PanelParts
  readonly #onOpen: () => void
  #unread = 0

  constructor(parts: PanelParts, onOpen: () => void) {
    this.#parts = parts
    this.#onOpen = onOpen
    parts.launcher.addEventListener('click', () => {
      if (this.isOpen) this.close()
      else this.open()
    })
    parts.close.addEventListener('click', () => {
      this.close()
    })
    parts.panel.addEventListener('keydown', event => {
      if (event.key === 'Escape') this.close()
    })
    this.#show(remembered() ?? !matchMedia(NARROW).matches)
  }

  get isOpen(): boolean {
    return !this.#parts.panel.hidden
  }

  open(): void {
    this.#show(true)
    remember(true)
    this.#parts.field.focus()
  }

  /** Closes the chat and gives the focus back to the button that opens it. */
  close(): void {
    this.#show(false)
    remember(false)
    this.#parts.launcher.focus()
  }

  /** Counts answers that came while the chat was closed. */
  notice(answers: number): void {
    if (this.isOpen) return
    this.#unread += answers
    this.#label()
  }

  #show(isOpen: boolean): void {
    this.#parts.panel.hidden = !isOpen
    document.documentElement.classList.toggle('chat-open', isOpen)
    this.#parts.launcher.setAttribute('aria-expanded', String(isOpen))
    if (isOpen) {
      this.#unread = 0
      this.#onOpen()
    }
    this.#label()
  }

  #label(): void {
    const { launcher, badge } = this.#parts
    const count = this.#unread > 9 ? '9+' : String(this.#unread)
    badge.hidden = this.#unread === 0
    badge.textContent = count
    const news = this.#unread === 0 ? '' : `, ${count} unread`
    launcher.setAttribute('aria-label', this.isOpen ? 'Close the chat' : `Open the chat${news}`)
  }
}

function remembered(): boolean | null {
  try {
    const value = localStorage.getItem(KEY)
    return value === null ? null : value === 'yes'
  } catch {
    return null
  }
}

/** Without storage the chat opens as it does on a first visit. */
function remember(isOpen: boolean): void {
  try {
    localStorage.setItem(KEY, isOpen ? 'yes' : 'no')
  } catch {
    return
  }
}
