// Shows a conversation's messages, touching only those that have changed, so that a screen reader hears each once.

import type { Conversation, Entry } from './conversation.ts'
import type { MessageActions } from './message-view.ts'
import { botMessage, userMessage } from './message-view.ts'

interface Shown {
  readonly entry: Entry
  readonly node: HTMLElement
}

export class MessageList {
  readonly #list: HTMLElement
  readonly #actions: MessageActions
  #shown = new Map<string, Shown>()

  constructor(list: HTMLElement, actions: MessageActions) {
    this.#list = list
    this.#actions = actions
  }

  /** Brings the list up to the conversation, scrolled to its end where something was added. */
  show({ entries }: Conversation): void {
    const shown = new Map<string, Shown>()
    let isLonger = false
    for (const entry of entries) {
      const known = this.#shown.get(entry.id)
      if (known !== undefined && isSame(known.entry, entry)) {
        shown.set(entry.id, known)
        continue
      }
      const node =
        entry.from === 'user' ? userMessage(entry, this.#actions) : botMessage(entry, this.#actions)
      if (known === undefined) {
        this.#list.append(node)
        isLonger = true
      } else {
        known.node.replaceWith(node)
      }
      shown.set(entry.id, { entry, node })
    }
    for (const [id, { node }] of this.#shown) if (!shown.has(id)) node.remove()
    this.#shown = shown
    this.#hideOldChoices(entries)
    if (isLonger) this.scrollToEnd()
  }

  scrollToEnd(): void {
    const scroller = this.#list.closest('.scroll')
    if (scroller !== null) scroller.scrollTop = scroller.scrollHeight
  }

  /** Buttons answer the latest question alone. */
  #hideOldChoices(entries: readonly Entry[]): void {
    const latest = entries.findLastIndex(entry => entry.from === 'user')
    entries.forEach((entry, at) => {
      const choices = this.#shown.get(entry.id)?.node.querySelector<HTMLElement>('.choices')
      if (choices !== null && choices !== undefined) choices.hidden = at < latest
    })
  }
}

/** A stored conversation is read anew each time, so entries are compared by what is shown of them. */
function isSame(one: Entry, other: Entry): boolean {
  if (one.from === 'bot' || other.from === 'bot') return one.from === other.from
  const isShownAlike = (delivery: string) => delivery === 'sending' || delivery === 'sent'
  return (
    one.problem === other.problem &&
    (one.delivery === other.delivery || (isShownAlike(one.delivery) && isShownAlike(other.delivery)))
  )
}
