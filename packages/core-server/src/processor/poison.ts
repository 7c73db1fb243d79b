// A message whose turn never ends well must not hold up those behind it.

import { randomBytes } from 'node:crypto'
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
  // Where the store does not answer now either, the try counts: a few of them are let pass.
  await messages.giveBack(sender, key, attempt).catch(() => undefined)
}
