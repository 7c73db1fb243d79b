// People whom the page around the widget knows: its server vouches for their ids, so that nobody reads another's conversation
// by naming them.

import { createHmac } from 'node:crypto'
import { isSameSecret } from '../http/same-secret.ts'

/** Whether the hash is the HMAC-SHA256 of the id under the key, in hex; never without a key. */
export function isVouchedFor(id: string, hash: string, key: string): boolean {
  if (key === '') return false
  return isSameSecret(hash.toLowerCase(), createHmac('sha256', key).update(id).digest('hex'))
}
