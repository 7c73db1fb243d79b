// The order of a sender's messages: one ticket at a time, first come first served, the rest wait, boundedly.

/** The right to run one turn of a conversation. */
export interface Ticket {
  /** Lets the next waiter in; a second call is a no-op. */
  release(): void | Promise<void>
}

export interface Inbox {
  /**
   * Resolves with a ticket when all earlier takers of this sender have released theirs.
   * Throws CodedError `inbox.full` (429, details.retryAfter in seconds) where too many wait,
   * and `inbox.closed` (503) after close.
   */
  take(sender: string): Promise<Ticket>
  /** Refuses new takers and resolves when all tickets are back, or after `grace` milliseconds. */
  close(grace: number): Promise<void>
}
