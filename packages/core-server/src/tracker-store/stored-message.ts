// An accepted message as a store keeps it.

import { parseExactJson } from '@tabula/protocol'
import type { UserMessage } from '@tabula/protocol'

/** The message and the channel that answers it, as `JSON.stringify` of both wrote them. */
export function parseAccepted(text: string): { readonly message: UserMessage; readonly channel: string } {
  return parseExactJson(text) as { message: UserMessage; channel: string }
}
