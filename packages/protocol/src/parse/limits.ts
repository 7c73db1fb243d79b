// How large and how deep what comes from outside may be. One table, so that an operator's question has one answer.

export interface ShapeLimits {
  /** Levels of lists and objects inside one another. */
  readonly depth: number
  /** Keys of all objects and items of all lists together. */
  readonly keys: number
}

export const PARSE_LIMITS = {
  /** What a client sends. */
  request: { depth: 64, keys: 10_000 },
  /** What carries a whole conversation: trackers, event lists, action calls and their replies. */
  conversation: { depth: 64, keys: 2_000_000 },
  /** Bytes of a user's text, and of its metadata as JSON. */
  textBytes: 65_536,
  metadataBytes: 32_768,
  /** Characters of a sender's id. */
  senderLength: 255,
  /** Events in one reply of an action. */
  actionEvents: 1_000,
} as const
