// Sends what the user says, one message after the other, so that answers keep the order of questions. A message is stored
// before it is sent; it is sent again only where the server has refused it, or the user asks for it.

import type { Entry } from './conversation.ts'
import { addEntries, changeMessage } from './conversation.ts'
import type { ConversationStore } from './conversation-store.ts'
import type { Send } from './webhook.ts'

/** How often a server that is busy is asked again before the user has to. */
const ATTEMPTS = 5

export class Outbox {
  readonly #store: ConversationStore
  readonly #send: Send
  #isRunning = false

  constructor(store: ConversationStore, send: Send) {
    this.#store = store
    this.#send = send
    addEventListener('online', () => {
      this.#retryUnsent()
    })
    this.#start()
  }

  /** Takes a message; `payload` is what the server gets where that differs from what is shown. */
  say(text: string, payload = text): void {
    const id = crypto.randomUUID()
    const message: Entry = {
      from: 'user',
      id,
      text,
      payload,
      delivery: 'waiting',
      problem: null,
      at: Date.now(),
      tab: this.#store.tab,
    }
    this.#store.update(conversation => addEntries(conversation, [message]))
    this.#start()
  }

  /** Sends a message again that has failed; one that is under way is left alone. */
  retry(id: string): void {
    const entry = this.#store.current.entries.find(known => known.id === id)
    if (entry?.from !== 'user' || !(entry.delivery === 'failed' || entry.delivery === 'unsure')) return
    this.#change(id, { delivery: 'waiting', problem: null, tab: this.#store.tab })
    this.#start()
  }

  #start(): void {
    if (!this.#isRunning) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    try {
      for (;;) {
        const next = this.#store.current.entries.find(
          entry => entry.from === 'user' && entry.delivery === 'waiting' && entry.tab === this.#store.tab,
        )
        if (next?.from !== 'user') return
        await this.#deliver(next.id, next.payload)
      }
    } finally {
      this.#isRunning = false
    }
  }

  async #deliver(id: string, payload: string): Promise<void> {
    const { sender } = this.#store.current
    for (let attempt = 1; ; attempt += 1) {
      this.#change(id, { delivery: 'sending', problem: null })
      const answer = await this.#send(sender, payload)
      if (this.#store.current.sender !== sender) return
      if (answer.kind === 'answered') {
        const replies = answer.replies.map(reply => ({
          from: 'bot' as const,
          id: crypto.randomUUID(),
          reply,
          at: Date.now(),
        }))
        this.#store.update(conversation =>
          addEntries(changeMessage(conversation, id, { delivery: 'sent' }), replies),
        )
        return
      }
      if (answer.kind === 'failed') {
        const delivery = 'failed'
        const problem = answer.isOffline ? OFFLINE : answer.problem
        this.#change(id, { delivery, problem })
        return
      }
      if (attempt === ATTEMPTS) {
        this.#change(id, { delivery: 'failed', problem: 'The assistant is busy.' })
        return
      }
      await new Promise(resolve => setTimeout(resolve, answer.wait))
      if (this.#store.current.sender !== sender) return
    }
  }

  /** What could not leave the browser goes out when it is online again. */
  #retryUnsent(): void {
    for (const entry of this.#store.current.entries) {
      if (entry.from === 'user' && entry.problem === OFFLINE && entry.tab === this.#store.tab) {
        this.retry(entry.id)
      }
    }
  }

  #change(id: string, change: Parameters<typeof changeMessage>[2]): void {
    this.#store.update(conversation => changeMessage(conversation, id, change))
  }
}

const OFFLINE = 'You are offline. The message goes out when you are online again.'
