// An accepted message as a store keeps it.

import { parseExactJson } from '@tabula/protocol'
import type { AcceptedMessage } from './message-ledger.ts'

type Stored = Pick<AcceptedMessage, 'message' | 'channel' | 'address'>

export function writeAccepted({ message, channel, address }: AcceptedMessage): string {
  return JSON.stringify({ message, channel, address } satisfies Stored)
}

/** What `writeAccepted` wrote. */
export function parseAccepted(text: string): Stored {
  return parseExactJson(text) as Stored
}
