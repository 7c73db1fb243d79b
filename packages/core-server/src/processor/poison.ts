// A message whose turn never ends well must not hold up those behind it.

import type { BotMessage } from '@tabula/protocol'

/** Tries of a turn before its message is given up. */
export const MOST_TRIES = 3

/** What is said instead of an answer to a message that was given up. */
export const APOLOGY: readonly BotMessage[] = [
  { text: 'Sorry, your last message could not be handled. Please try something else.' },
]
