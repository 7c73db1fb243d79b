// How the chat reaches the bot: over a socket or over HTTP, behind one contract.

import type { Problem } from '../conversation.ts'
import type { PastMessage } from '../merge-history.ts'

export interface WireMessage {
  readonly id: string
  readonly text: string
  readonly metadata: Readonly<Record<string, unknown>> | null
}

export type Sent =
  /** The server has it. `answers`: what was said to it, where answers do not come by themselves. `isOver`: all of them. */
  | { readonly kind: 'accepted'; readonly answers: readonly unknown[]; readonly isOver: boolean }
  /** It was not taken; it may be sent again after so many milliseconds. */
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** It has not left this browser. */
  | { readonly kind: 'offline' }
  /** It may have arrived. */
  | { readonly kind: 'lost' }

export interface TransportEvents {
  online(isOnline: boolean): void
  /** A message of the bot that comes by itself, in the server's shape. */
  received(message: unknown): void
  typing(isTyping: boolean): void
  /** Messages as the server's history has them, told as they are said; some may be known already. */
  said(messages: readonly PastMessage[]): void
  /** The server does not take the token. */
  refusedToken(): void
}

export interface Transport {
  send(message: WireMessage): Promise<Sent>
  close(): void
}

export interface Identity {
  readonly sender: string
  readonly token: string | null
  /** Whether the server is ours: it knows a message that it is sent twice, and keeps what was said for the visitor. */
  readonly isTabula: boolean
}

export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
  })
}

/** Half a second, doubled with every attempt up to 30 s, and a little chance so that not all come at once. */
export function backoff(attempt: number): number {
  return Math.min(30_000, 500 * 2 ** Math.min(attempt, 10)) * (0.75 + Math.random() / 2)
}

/** Resolves after the time, or as soon as the browser is online again or its page is looked at. */
export function delayOrOnline(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const ended = new AbortController()
    const done = (): void => {
      ended.abort()
      resolve()
    }
    const looked = (): void => {
      if (document.visibilityState === 'visible') done()
    }
    const timer = setTimeout(done, milliseconds)
    ended.signal.addEventListener('abort', () => {
      clearTimeout(timer)
    })
    addEventListener('online', done, { signal: ended.signal })
    document.addEventListener('visibilitychange', looked, { signal: ended.signal })
    signal.addEventListener('abort', done, { signal: ended.signal })
  })
}
