// The `<tabula-chat>` element: a button that opens the chat. The chat itself is loaded when it is first wanted, or when the
// visitor has a conversation to come back to.

import { css } from './launcher.css'
import type { Chat, ChatModule, CustomRenderer, Outgoing } from './contract.ts'
import { storageKey } from './contract.ts'
import { launcherWords } from './launcher-words.ts'
import type { WidgetOptions } from './options.ts'
import { readOptions } from './options.ts'

const SVG = 'http://www.w3.org/2000/svg'
const BUBBLE =
  'M12 3C6.5 3 2.5 6.9 2.5 11.8c0 2.7 1.3 5 3.3 6.6V22l3.3-1.9c.9.3 1.9.4 2.9.4 5.5 0 9.5-3.9 9.5-8.7S17.5 3 12 3z'
const WAVE = 'M6.6 14.3l4-4.2 2.5 2.2 4.3-2.5-4 4.3-2.5-2.3z'
const CROSS = 'M6 6l12 12M18 6L6 18'

/** Names of RasaHQ's chat-widget for our events, which pages may listen to as they do now. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  open: 'chatWidgetOpened',
  close: 'chatWidgetClosed',
  session: 'chatSessionStarted',
  received: 'chatWidgetReceivedMessage',
  sent: 'chatWidgetSentMessage',
  choice: 'chatWidgetQuickReply',
  link: 'chatWidgetHyperlinkClicked',
  download: 'chatWidgetFileStartedDownload',
  rated: 'chatWidgetFeedbackSubmitted',
}

let sheet: CSSStyleSheet | null = null

export class TabulaChat extends HTMLElement {
  /** Address of the script, where the chat's own files lie beside it. */
  static script = ''

  /** Custom messages of a bot by their `type`, shown by the page instead of the widget. */
  readonly renderers = new Map<string, CustomRenderer>()
  #settings: Readonly<Record<string, unknown>> = {}
  #options: WidgetOptions | null = null
  #root: ShadowRoot | null = null
  #button: HTMLButtonElement | null = null
  #chat: Promise<Chat> | null = null
  #isOpen = false

  /** Settings beside the attributes; call it before the element is put into the page. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    this.#settings = settings
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  connectedCallback(): void {
    if (this.#root !== null) return
    const attributes = Object.fromEntries([...this.attributes].map(({ name, value }) => [name, value]))
    const options = readOptions({ ...attributes, ...this.#settings }, TabulaChat.script)
    this.#options = options
    this.dataset['theme'] = options.theme
    this.dataset['side'] = options.side
    this.#root = this.attachShadow({ mode: 'open' })
    this.#root.adoptedStyleSheets = [(sheet ??= makeSheet())]
    this.#button = this.#makeButton(options)
    this.#root.append(this.#button, this.#makePreview())
    if (options.open) this.open()
    else if (hasConversation(options)) idle(() => void this.#load().catch(() => undefined))
  }

  disconnectedCallback(): void {
    void this.#chat?.then(chat => {
      if (!this.isConnected) chat.close()
    })
  }

  open(): void {
    this.#show(true)
  }

  close(): void {
    this.#show(false)
  }

  toggle(): void {
    this.#show(!this.#isOpen)
  }

  /** Says this for the visitor; `payload` is what the bot gets where it differs from what is shown. */
  send(message: string | Outgoing): void {
    const outgoing = typeof message === 'string' ? { text: message } : message
    this.#withChat(chat => {
      chat.send(outgoing)
    })
  }

  /** Ends this conversation and begins another. */
  reset(): void {
    this.#withChat(chat => {
      chat.reset()
    })
  }

  /** A new token, where the page renews it; messages that waited for it go out. */
  setToken(token: string): void {
    this.#settings = { ...this.#settings, token }
    void this.#chat?.then(chat => {
      chat.setToken(token)
    })
  }

  /** Calls back with the detail of each event of this name; returns what ends it. */
  on(name: string, listener: (detail: unknown) => void): () => void {
    const heard = (event: Event): void => {
      listener((event as CustomEvent<unknown>).detail)
    }
    this.addEventListener(name, heard)
    return () => {
      this.removeEventListener(name, heard)
    }
  }

  #show(isOpen: boolean): void {
    if (isOpen === this.#isOpen || this.#root === null) return
    this.#isOpen = isOpen
    this.toggleAttribute('data-open', isOpen)
    this.#button?.setAttribute('aria-expanded', String(isOpen))
    this.#withChat(chat => {
      chat.opened(this.#isOpen)
      if (!this.#isOpen) this.#button?.focus({ preventScroll: true })
    })
    this.#label(0)
    this.#emit(isOpen ? 'open' : 'close')
  }

  /** Does it once the chat is loaded; where it cannot be, the visitor is told beside the button. */
  #withChat(work: (chat: Chat) => void): void {
    void this.#load().then(work, () => {
      this.#label(0, '', true)
    })
  }

  #load(): Promise<Chat> {
    this.#chat ??= this.#start().catch((error: unknown) => {
      // Tried again at the next click; until then the button is as it was.
      this.#chat = null
      this.#isOpen = false
      this.removeAttribute('data-open')
      this.#button?.setAttribute('aria-expanded', 'false')
      this.#emit('error', { code: 'not-loaded', error })
      throw error
    })
    return this.#chat
  }

  async #start(): Promise<Chat> {
    const [root, options] = [this.#root, this.#options]
    if (root === null || options === null) throw new Error('<tabula-chat> is not in the page yet.')
    const module = (await import(new URL('widget/chat.js', TabulaChat.script).href)) as ChatModule
    return module.startChat({
      root,
      element: this,
      options: { ...options, ...readToken(this.#settings) },
      renderers: this.renderers,
      isOpen: () => this.#isOpen,
      close: () => {
        this.close()
      },
      showUnread: (count, preview) => {
        this.#label(count, preview)
      },
      emit: (name, detail) => {
        this.#emit(name, detail)
      },
    })
  }

  #makeButton({ lang }: WidgetOptions): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'launcher'
    button.part.add('launcher')
    button.setAttribute('aria-expanded', 'false')
    button.setAttribute('aria-haspopup', 'dialog')
    button.setAttribute('aria-label', launcherWords(lang).open)
    const badge = document.createElement('span')
    badge.className = 'badge'
    badge.hidden = true
    button.append(picture('face', [BUBBLE, WAVE]), picture('cross', [CROSS]), badge)
    button.addEventListener('click', () => {
      this.toggle()
    })
    // A pointer that comes near will click: the chat is there by then.
    button.addEventListener('pointerenter', () => void this.#load().catch(() => undefined), { once: true })
    return button
  }

  /** The last words beside the button; a screen reader has their number from the button, and the words in the chat. */
  #makePreview(): HTMLElement {
    const preview = document.createElement('span')
    preview.className = 'preview'
    preview.part.add('preview')
    preview.dir = 'auto'
    preview.hidden = true
    preview.setAttribute('aria-hidden', 'true')
    // The words are cut inside the padding, or a third line would look in.
    preview.append(document.createElement('span'))
    preview.addEventListener('click', () => {
      this.open()
    })
    return preview
  }

  /** The badge, the preview, and what a screen reader says of the button. */
  #label(count: number, preview = '', isAway = false): void {
    const words = launcherWords(this.#options?.lang ?? '')
    const [badge, bubble] = ['.badge', '.preview'].map(name => this.#root?.querySelector<HTMLElement>(name))
    if (!this.#button || !badge || !bubble) return
    const label = this.#isOpen ? words.close : words.open
    const more = isAway ? words.away : count > 0 ? words.unread(count) : ''
    this.#button.setAttribute('aria-label', more === '' ? label : `${label}, ${more}`)
    badge.hidden = count === 0
    badge.textContent = count > 9 ? '9+' : String(count)
    bubble.hidden = !isAway && (count === 0 || preview === '' || this.#options?.preview === false)
    bubble.firstElementChild?.replaceChildren(isAway ? words.away : preview)
  }

  #emit(name: string, detail?: unknown): void {
    const init = { detail, bubbles: true, composed: true }
    this.dispatchEvent(new CustomEvent(name, { ...init, bubbles: false }))
    const old = OLD_NAMES[name]
    if (old !== undefined) this.dispatchEvent(new CustomEvent(old, init))
  }
}

function makeSheet(): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(css)
  return made
}

function picture(name: string, paths: readonly string[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', name)
  for (const d of paths) {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', d)
    svg.append(path)
  }
  return svg
}

function readToken({ token }: Readonly<Record<string, unknown>>): { readonly token?: string } {
  return typeof token === 'string' ? { token } : {}
}

function hasConversation(options: WidgetOptions): boolean {
  try {
    const storage = options.storage === 'session' ? sessionStorage : localStorage
    return options.storage !== 'none' && storage.getItem(storageKey(options)) !== null
  } catch {
    return false
  }
}

function idle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 2_000 })
  else setTimeout(work, 200)
}
