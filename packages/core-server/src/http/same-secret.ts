// Compares secrets without telling by time how much of one was right: digests of equal length, compared whole.

import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether a caller's text is the secret; the time that it takes does not depend on either. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
