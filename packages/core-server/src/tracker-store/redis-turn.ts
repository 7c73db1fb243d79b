// An append as an entry of a conversation's list in Redis: its tail, then one event a line. JSON never holds a line end.

import { randomBytes } from 'node:crypto'
import type { LoggedEvent } from '@tabula/protocol'
import { asciiJson, parseStoredEvent } from './event-row.ts'

/** A mark of one append. Random: the same number of appends on another branch has another one. */
export function newTail(): string {
  return randomBytes(12).toString('base64url')
}

export function writeTurn(tail: string, events: readonly LoggedEvent[]): string {
  return [tail, ...events.map(asciiJson)].join('\n')
}

export function turnEvents(turn: string): LoggedEvent[] {
  return turn.split('\n').slice(1).map(parseStoredEvent)
}
