// The order of a sender's messages: one ticket at a time, first come first served, the rest wait, boundedly.

import { CodedError } from '@tabula/protocol'

/** The right to run one turn of a conversation. */
export interface Ticket {
  /** Whether others were served first: what was read of the conversation before the ticket came may be old. */
  readonly waited: boolean
  /** Whether another may have been let in meanwhile: what was worked out under the ticket must not be saved. */
  readonly isLost: () => boolean
  /** Lets the next waiter in; a second call is a no-op. */
  release(): void | Promise<void>
}

export interface Inbox {
  /** Throws CodedError `inbox.crowded` (503, details.retryAfter in seconds) where this process is at work on as much as it may. */
  admit(): void
  /**
   * Resolves with a ticket when all earlier takers of this sender have released theirs.
   * Throws CodedError `inbox.full` (429, details.retryAfter in seconds) where too many of this sender wait, what `admit`
   * throws, `inbox.closed` (503) after close, and `store.unavailable` (503) where the order cannot be known.
   */
  take(sender: string): Promise<Ticket>
  /**
   * Resolves when all tickets are back, and refuses takers from then on. After `grace` milliseconds those who wait are
   * refused at once, and what is still out is given to others.
   */
  close(grace: number): Promise<void>
}

export interface InboxBounds {
  readonly waitingPerSender: number
  /** Tickets that are out and takers that wait, of all senders: each keeps a request and a conversation in memory. */
  readonly waitingInAll: number
}

export function inboxFull(waiting: number): CodedError {
  return new CodedError('inbox.full', `${waiting} messages of this conversation are waiting already.`, {
    status: 429,
    details: { retryAfter: 1 + Math.floor(Math.random() * 3) },
  })
}

export function inboxCrowded(atOnce: number): CodedError {
  return new CodedError('inbox.crowded', `${atOnce} messages are waiting or being answered already.`, {
    status: 503,
    details: { retryAfter: 1 + Math.floor(Math.random() * 3) },
  })
}

export function inboxClosed(): CodedError {
  return new CodedError('inbox.closed', 'The server is stopping.', {
    status: 503,
    details: { retryAfter: 1 },
  })
}
