// What tells a message from others: by it a repeat is known, in whichever process it arrives.

import { createHash, randomUUID } from 'node:crypto'
import type { UserMessage } from '@tabula/protocol'

export interface MessageIdentity {
  /** Names the message within its conversation. */
  readonly key: string
  /** Another message under the same id has another digest. */
  readonly digest: string
}

/** The id is the provider's or the client's, looked at within the channel alone; without one the message is a new one. */
export function identify(channel: string, id: string | null, { text }: UserMessage): MessageIdentity {
  const name = id === null ? randomUUID() : `${channel}\n${id}`
  return { key: hash(name), digest: hash(text ?? '') }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
