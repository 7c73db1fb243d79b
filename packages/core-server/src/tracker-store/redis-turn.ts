// An append as an entry of a conversation's list in Redis: its tail, then one event a line. JSON never holds a line end.
// Metadata that several events share, as those of one model do, stands once in a line of its own.

import { randomBytes } from 'node:crypto'
import type { LoggedEvent } from '@tabula/protocol'
import { parseStoredEvent } from './event-row.ts'

const TAIL_BYTES = 12
/** In place of the shared metadata: no JSON holds this. */
const SHARED = '"metadata":='

let chance = Buffer.alloc(0)
let drawn = 0

/** A mark of one append. Random: the same number of appends on another branch has another one. */
export function newTail(): string {
  if (drawn === chance.length) {
    chance = randomBytes(TAIL_BYTES * 256)
    drawn = 0
  }
  drawn += TAIL_BYTES
  return chance.toString('base64url', drawn - TAIL_BYTES, drawn)
}

export function writeTurn(tail: string, events: readonly LoggedEvent[]): string {
  const lines = events.map(event => JSON.stringify(event)).join('\n')
  const metadata = events.at(-1)?.metadata
  if (events.length < 2 || metadata === undefined) return lines === '' ? tail : `${tail}\n${lines}`
  const shared = JSON.stringify(metadata)
  return `${tail}\n=${shared}\n${lines.replaceAll(`"metadata":${shared}`, SHARED)}`
}

export function turnEvents(turn: string): LoggedEvent[] {
  const [, first, ...others] = turn.split('\n')
  if (first === undefined) return []
  if (!first.startsWith('=')) return [first, ...others].map(parseStoredEvent)
  const metadata = `"metadata":${first.slice(1)}`
  return others.map(line => parseStoredEvent(line.replaceAll(SHARED, () => metadata)))
}
