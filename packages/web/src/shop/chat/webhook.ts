// Posts a message to the assistant and reads its answer.

import type { Reply } from './reply.ts'
import { readReplies } from './reply.ts'

export type Answer =
  | { readonly kind: 'answered'; readonly replies: readonly Reply[] }
  /** The server did not take the message; it may be sent again after so many milliseconds. */
  | { readonly kind: 'refused'; readonly wait: number }
  /** For the user: why there is no answer. `isOffline`: the message has never left this browser. */
  | { readonly kind: 'failed'; readonly problem: string; readonly isOffline: boolean }

export type Send = (sender: string, message: string) => Promise<Answer>

/** As long as an action may take, and a little more. */
const DEADLINE = 310_000
const LONGEST_WAIT = 60_000

/** A sender of messages to that address; it never throws. */
export function webhookAt(address: string): Send {
  return async (sender, message) => {
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ sender, message }),
        signal: AbortSignal.timeout(DEADLINE),
      })
      if (response.status === 429 || response.status === 503)
        return { kind: 'refused', wait: waitOf(response) }
      if (!response.ok) return failed('The assistant could not take the message.')
      const replies = readReplies(await response.json())
      if (replies === null) return failed('The assistant’s answer could not be read.')
      return { kind: 'answered', replies }
    } catch (error) {
      if (!navigator.onLine) return { kind: 'failed', problem: 'You are offline.', isOffline: true }
      if (error instanceof SyntaxError) return failed('The assistant’s answer could not be read.')
      if (error instanceof DOMException) return failed('The assistant took too long to answer.')
      return failed('The assistant cannot be reached.')
    }
  }
}

function failed(problem: string): Answer {
  return { kind: 'failed', problem, isOffline: false }
}

/** Retry-After comes as seconds or as a date; a second without it. */
function waitOf(response: Response): number {
  const given = response.headers.get('Retry-After') ?? ''
  const wait = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - Date.now()
  return Math.min(LONGEST_WAIT, Math.max(1_000, Number.isNaN(wait) ? 1_000 : wait))
}
