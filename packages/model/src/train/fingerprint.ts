// Fingerprints: what was trained from the same config and data need not be trained again.

import { createHash } from 'node:crypto'

/** Counts up when a component learns otherwise from the same data: nothing of an older cache fits then. */
const LEARNING = 1

/** A hash of the value; the order of keys does not count, the order of lists and maps does. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([LEARNING, canonical(value)]))
    .digest('hex')
    .slice(0, 32)
}

function canonical(value: unknown): unknown {
  if (value instanceof Map) return [...(value as ReadonlyMap<unknown, unknown>)].map(canonical)
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, canonical(item)]),
  )
}
