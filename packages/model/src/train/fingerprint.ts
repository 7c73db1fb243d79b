// Fingerprints: what was made of the same content, whenever and wherever, has the same one.

import { createHash } from 'node:crypto'
import { WholeFloat } from '@tabula/protocol'

/** A hash of the value; the order of keys does not count, the order of lists and maps does. */
export function fingerprint(value: unknown): string {
  return hashOf(JSON.stringify(canonical(value)))
}

/** A hash of the bytes, as long as a fingerprint. */
export function hashOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32)
}

function canonical(value: unknown): unknown {
  if (value instanceof Map) return [...(value as ReadonlyMap<unknown, unknown>)].map(canonical)
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object' || value instanceof WholeFloat) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, canonical(item)]),
  )
}
