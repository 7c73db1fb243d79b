// How much a conversation says, for caches that are bounded by it: an event may hold a word or a picture.

import type { LoggedEvent } from '@tabula/protocol'

/** Characters of what the event's author put into it: texts, data and metadata of messages, values of slots. */
export function contentOf(event: LoggedEvent): number {
  const { metadata } = event
  const beside = metadata === undefined ? 0 : charactersIn(metadata)
  switch (event.event) {
    case 'user':
      return beside + (event.text?.length ?? 0)
    case 'bot':
      return beside + (event.text?.length ?? 0) + charactersIn(event.data)
    case 'slot':
      return beside + charactersIn(event.value)
    default:
      return beside
  }
}

function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  for (const part of Object.values(value)) count += charactersIn(part)
  return count
}
