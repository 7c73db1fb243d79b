// Keeps the conversation over reloads and in step between tabs; without storage it lasts as long as the page.

import type { Conversation } from './conversation.ts'
import { newConversation, readConversation, resume } from './conversation.ts'

const KEY = 'tabula-shop.conversation'
const TAB_KEY = 'tabula-shop.tab'

export class ConversationStore {
  /** This page's name: it stays the same when the page is loaded again. */
  readonly tab: string
  #current: Conversation
  #isStored: boolean
  readonly #listeners: ((conversation: Conversation) => void)[] = []

  constructor() {
    this.tab = tabName()
    this.#current = resume(load() ?? newConversation(), this.tab, Date.now())
    this.#isStored = save(this.#current)
    addEventListener('storage', event => {
      if (event.key !== KEY) return
      const changed = load()
      if (changed !== null) this.#show(changed)
    })
  }

  get current(): Conversation {
    return this.#current
  }

  /** Changes what is stored now, which another tab may have written, and tells the listeners. */
  update(change: (conversation: Conversation) => Conversation): void {
    const changed = change((this.#isStored ? load() : null) ?? this.#current)
    this.#isStored = save(changed)
    this.#show(changed)
  }

  onChange(listener: (conversation: Conversation) => void): void {
    this.#listeners.push(listener)
  }

  #show(conversation: Conversation): void {
    this.#current = conversation
    for (const listener of this.#listeners) listener(conversation)
  }
}

function load(): Conversation | null {
  try {
    const text = localStorage.getItem(KEY)
    return text === null ? null : readConversation(text)
  } catch {
    return null
  }
}

/** Whether it is stored: a full or forbidden storage costs what a reload would keep, not the conversation. */
function save(conversation: Conversation): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(conversation))
    return true
  } catch {
    return false
  }
}

function tabName(): string {
  try {
    const known = sessionStorage.getItem(TAB_KEY)
    if (known !== null) return known
    const name = crypto.randomUUID()
    sessionStorage.setItem(TAB_KEY, name)
    return name
  } catch {
    return crypto.randomUUID()
  }
}
