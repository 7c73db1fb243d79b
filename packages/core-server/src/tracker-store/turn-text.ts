// An append as a text, as Redis and MongoDB keep it: its tail, then one event a line. JSON never holds a line end.
// Metadata that several events share, as those of one model do, stands once in a line of its own.

import { randomBytes } from 'node:crypto'
import type { LoggedEvent } from '@tabula/protocol'
import { parseStoredEvent } from './event-row.ts'

/** Seconds since 1970 in the first four bytes, chance in the rest. */
const TAIL_BYTES = 16
const TIME_BYTES = 4
/** In place of the shared metadata: no JSON holds this. */
const SHARED = '"metadata":='

let chance = Buffer.alloc(0)
let drawn = 0

/** A mark of one append, which tells its time. Random: the same number of appends on another branch has another one. */
export function newTail(): string {
  if (drawn === chance.length) {
    chance = randomBytes(TAIL_BYTES * 256)
    drawn = 0
  }
  chance.writeUInt32BE(Math.floor(Date.now() / 1000), drawn)
  drawn += TAIL_BYTES
  return chance.toString('base64url', drawn - TAIL_BYTES, drawn)
}

/** When the append of this mark was, in seconds since 1970; null for a mark of earlier versions, which told no time. */
export function tailTime(tail: string): number | null {
  const bytes = Buffer.from(tail, 'base64url')
  return bytes.length === TAIL_BYTES ? bytes.subarray(0, TIME_BYTES).readUInt32BE() : null
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
