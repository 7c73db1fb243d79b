// The inbox of one process: a queue per sender, gone as soon as nobody waits.

import { CodedError } from '@tabula/protocol'
import type { Inbox, Ticket } from './inbox.ts'

export interface InboxBounds {
  readonly waitingPerSender: number
  readonly waitingInAll: number
}

export class MemoryInbox implements Inbox {
  readonly #bounds: InboxBounds
  /** Senders with a ticket out, each with those who wait behind it. */
  readonly #queues = new Map<string, (() => void)[]>()
  #waiting = 0
  #isClosed = false
  #onEmpty: (() => void) | null = null

  constructor(bounds: InboxBounds) {
    this.#bounds = bounds
  }

  async take(sender: string): Promise<Ticket> {
    if (this.#isClosed) throw closed()
    const queue = this.#queues.get(sender)
    if (queue === undefined) {
      this.#queues.set(sender, [])
      return this.#ticket(sender)
    }
    if (queue.length >= this.#bounds.waitingPerSender || this.#waiting >= this.#bounds.waitingInAll) {
      throw full(queue.length)
    }
    this.#waiting++
    await new Promise<void>(resolve => queue.push(resolve))
    this.#waiting--
    return this.#ticket(sender)
  }

  async close(grace: number): Promise<void> {
    this.#isClosed = true
    if (this.#queues.size === 0) return
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(resolve, grace)
    this.#onEmpty = () => {
      resolve(undefined)
    }
    await promise
    clearTimeout(timer)
  }

  #ticket(sender: string): Ticket {
    let isOut = true
    return {
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
      waiter()
      return
    }
    this.#queues.delete(sender)
    if (this.#queues.size === 0) this.#onEmpty?.()
  }
}

function full(waiting: number): CodedError {
  return new CodedError('inbox.full', `${waiting} messages of this conversation are waiting already.`, {
    status: 429,
    details: { retryAfter: 1 },
  })
}

function closed(): CodedError {
  return new CodedError('inbox.closed', 'The server is stopping.', {
    status: 503,
    details: { retryAfter: 1 },
  })
}
