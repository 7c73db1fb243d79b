// A message whose turn never ends well must not hold up those behind it.

import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { CodedError } from '@tabula/protocol'
import type { BotMessage } from '@tabula/protocol'
import type { MessageLedger } from '../tracker-store/message-ledger.ts'
import { isConflict } from '../tracker-store/tracker-store.ts'

/** Tries of a turn before its message is given up. */
export const MOST_TRIES = 3

/** A name for a try; short, for several of them stand in a row of SQL. */
export function nameTry(): string {
  return randomBytes(6).toString('base64url')
}

/** What is said instead of an answer to a message that was given up. */
export const APOLOGY: readonly BotMessage[] = [
  { text: 'Sorry, your last message could not be handled. Please try something else.' },
]

/** A try that failed because the store did not take it, or others were faster, tells nothing of its message: it does not count. */
export async function excuse(
  messages: MessageLedger,
  { sender, key, attempt }: { readonly sender: string; readonly key: string; readonly attempt: string },
  error: unknown,
): Promise<void> {
  if (!isConflict(error) && !(error instanceof CodedError && error.status === 503)) return
  try {
    await messages.giveBack(sender, key, attempt)
  } catch {
    // What failed the turn fails this as well: it is done when the store is back, ahead of most who try the message then.
    void giveBackLater(() => messages.giveBack(sender, key, attempt))
  }
}

/** Milliseconds between the first two attempts, and how many there are, each twice as long after the one before. */
const FIRST_PAUSE = 100
const ATTEMPTS = 10

async function giveBackLater(giveBack: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await setTimeout(FIRST_PAUSE * 2 ** attempt, undefined, { ref: false })
    try {
      await giveBack()
      return
    } catch {
      // Away still.
    }
  }
}
