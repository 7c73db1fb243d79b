// What the launcher and the chat, which is loaded later, know of each other.

import type { WidgetOptions } from './options.ts'

/** Shows a custom message of a bot into the container; false leaves it to the widget. */
export type CustomRenderer = (data: Readonly<Record<string, unknown>>, container: HTMLElement) => boolean

export interface ChatHost {
  readonly root: ShadowRoot
  readonly element: HTMLElement
  readonly options: WidgetOptions
  readonly renderers: ReadonlyMap<string, CustomRenderer>
  isOpen(): boolean
  close(): void
  /** Answers that nobody has seen, and the words of the last one. */
  showUnread(count: number, preview: string): void
  emit(name: string, detail?: unknown): void
}

export interface Outgoing {
  readonly text: string
  /** What the bot gets; default the text. */
  readonly payload?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

export interface Chat {
  /** The panel was opened or closed. */
  opened(isOpen: boolean): void
  send(message: Outgoing): void
  reset(): void
  setToken(token: string): void
  close(): void
}

/** What chat.js exports. */
export interface ChatModule {
  startChat(host: ChatHost): Chat
}

/** Where conversations are stored: one key for a server and a user. */
export function storageKey({ server, userId }: WidgetOptions): string {
  return `tabula-chat:${server}:${userId}`
}
