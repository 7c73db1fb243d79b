// Keeps the conversation over reloads and in step between tabs; without storage it lasts as long as the page.

import type { Conversation, UserEntry } from './conversation.ts'
import { newConversation, readConversation } from './conversation.ts'

export interface StoreSettings {
  readonly key: string
  readonly storage: 'local' | 'session' | 'none'
  /** Hours without a word after which it is forgotten. */
  readonly hours: number
}

type Listener = (conversation: Conversation, before: Conversation) => void

export class ConversationStore {
  readonly #key: string
  readonly #storage: Storage | null
  readonly #longest: number
  #current: Conversation
  #isStored = false
  #listener: Listener = () => undefined
  /** What this tab has added and no other has taken up yet: a tab that writes at the same moment must not drop it. */
  readonly #own = new Map<string, UserEntry>()
  readonly #heard = (event: StorageEvent): void => {
    if (event.key !== this.#key || event.storageArea !== this.#storage) return
    const changed = this.#load()
    if (changed === null) return
    const known = new Set(changed.entries.map(({ id }) => id))
    const lost = [...this.#own.values()].filter(
      ({ id }) => !known.has(id) && changed.sender === this.#current.sender,
    )
    this.#settle(changed)
    if (lost.length === 0) this.#show(changed)
    else this.update(conversation => ({ ...conversation, entries: [...conversation.entries, ...lost] }))
  }

  constructor({ key, storage, hours }: StoreSettings) {
    this.#key = key
    this.#storage = openStorage(storage)
    this.#longest = hours * 3_600_000
    this.#current = this.#load() ?? newConversation(Date.now())
    addEventListener('storage', this.#heard)
  }

  get current(): Conversation {
    return this.#current
  }

  /** Whether other tabs see it too. */
  get isShared(): boolean {
    return this.#storage !== null && this.#storage === localStorage
  }

  /** Changes what is stored now, which another tab may have written, and tells the listener. */
  update(change: (conversation: Conversation) => Conversation): void {
    const before = (this.#isStored ? this.#load() : null) ?? this.#current
    const changed = change(before)
    if (changed === before) return
    this.#isStored = this.#save(changed)
    this.#show(changed)
  }

  /** Adds a message that another tab may have to send. */
  add(entry: UserEntry): void {
    this.#own.set(entry.id, entry)
    this.update(conversation => ({
      ...conversation,
      at: entry.at,
      entries: [...conversation.entries, entry],
    }))
  }

  onChange(listener: Listener): void {
    this.#listener = listener
  }

  close(): void {
    removeEventListener('storage', this.#heard)
  }

  #show(conversation: Conversation): void {
    const before = this.#current
    this.#current = conversation
    this.#settle(conversation)
    this.#listener(conversation, before)
  }

  #settle({ entries }: Conversation): void {
    for (const entry of entries)
      if (entry.from === 'user' && entry.delivery !== 'waiting') this.#own.delete(entry.id)
  }

  #load(): Conversation | null {
    try {
      const text = this.#storage?.getItem(this.#key)
      const stored = text === null || text === undefined ? null : readConversation(text)
      return stored !== null && Date.now() - stored.at < this.#longest ? stored : null
    } catch {
      return null
    }
  }

  /** Whether it is stored: a full or forbidden storage costs what a reload would keep, not the conversation. */
  #save(conversation: Conversation): boolean {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(conversation))
      return this.#storage !== null
    } catch {
      return false
    }
  }
}

function openStorage(kind: StoreSettings['storage']): Storage | null {
  try {
    return kind === 'none' ? null : kind === 'session' ? sessionStorage : localStorage
  } catch {
    return null
  }
}
