// The inbox of one process: a queue per sender, gone as soon as nobody waits.

import { inboxClosed, inboxCrowded, inboxFull } from './inbox.ts'
import type { Inbox, InboxBounds, Ticket } from './inbox.ts'

interface Waiter {
  readonly grant: () => void
  readonly refuse: (error: unknown) => void
}

export class MemoryInbox implements Inbox {
  readonly #bounds: InboxBounds
  /** Senders with a ticket out, each with those who wait behind it. */
  readonly #queues = new Map<string, Waiter[]>()
  #waiting = 0
  #isClosed = false
  #onEmpty: (() => void) | null = null

  constructor(bounds: InboxBounds) {
    this.#bounds = bounds
  }

  admit(): void {
    const atOnce = this.#queues.size + this.#waiting
    if (atOnce >= this.#bounds.waitingInAll) throw inboxCrowded(atOnce)
  }

  async take(sender: string): Promise<Ticket> {
    if (this.#isClosed) throw inboxClosed()
    const queue = this.#queues.get(sender)
    this.admit()
    if (queue === undefined) {
      this.#queues.set(sender, [])
      return this.#ticket(sender, false)
    }
    if (queue.length >= this.#bounds.waitingPerSender) throw inboxFull(queue.length)
    this.#waiting++
    try {
      await new Promise<void>((grant, refuse) => queue.push({ grant, refuse }))
    } finally {
      this.#waiting--
    }
    return this.#ticket(sender, true)
  }

  async close(grace: number): Promise<void> {
    if (this.#queues.size === 0) {
      this.#isClosed = true
      return
    }
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(resolve, grace)
    this.#onEmpty = () => {
      resolve(undefined)
    }
    await promise
    clearTimeout(timer)
    this.#isClosed = true
    for (const queue of this.#queues.values()) {
      for (const waiter of queue.splice(0)) waiter.refuse(inboxClosed())
    }
  }

  #ticket(sender: string, waited: boolean): Ticket {
    let isOut = true
    return {
      waited,
      isLost: () => !isOut || this.#isClosed,
      release: () => {
        if (!isOut) return
        isOut = false
        this.#next(sender)
      },
    }
  }

  #next(sender: string): void {
    const waiter = this.#queues.get(sender)?.shift()
    if (waiter !== undefined) {
      waiter.grant()
      return
    }
    this.#queues.delete(sender)
    if (this.#queues.size === 0) this.#onEmpty?.()
  }
}
