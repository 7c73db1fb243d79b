// The one script that a page takes in. `<script async src=".../widget.js" data-title="Help"></script>` puts the chat at the
// bottom right; a page that has a `<tabula-chat>` of its own, or calls `Tabula.mount`, leaves the data attributes out.

import type { CustomRenderer } from './contract.ts'
import { TabulaChat } from './element.ts'

interface Tabula {
  /** Puts a chat into the page; settings may have the names of rasa-webchat too. */
  mount(settings?: Readonly<Record<string, unknown>>, parent?: Element | null): TabulaChat
  readonly chat: TabulaChat | null
  readonly renderers: Map<string, CustomRenderer>
}

declare global {
  interface Window {
    Tabula?: Tabula
  }
}

function start(): void {
  if (window.Tabula !== undefined) return
  const script = document.currentScript
  TabulaChat.script = script instanceof HTMLScriptElement ? script.src : ''
  const renderers = new Map<string, CustomRenderer>()
  const tabula: Tabula = {
    renderers,
    get chat() {
      return document.querySelector<TabulaChat>('tabula-chat')
    },
    mount(settings = {}, parent = document.body) {
      const chat = new TabulaChat()
      chat.configure(settings)
      for (const [type, renderer] of renderers) chat.renderers.set(type, renderer)
      ;(parent ?? document.body).append(chat)
      return chat
    },
  }
  window.Tabula = tabula
  customElements.define('tabula-chat', TabulaChat)
  if (!(script instanceof HTMLScriptElement) || script.dataset['mount'] === 'no') return
  const settings = Object.fromEntries(Object.entries(script.dataset))
  const mount = (): void => {
    if (tabula.chat === null) tabula.mount(settings)
  }
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', mount, { once: true })
  else mount()
}

start()
