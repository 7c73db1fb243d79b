// Cursors of pages: a place in an order, opaque to who carries it.

import { CodedError } from '@tabula/protocol'

/** `older` goes on behind the place, `newer` goes back before it. */
export interface Cursor {
  readonly direction: 'older' | 'newer'
  readonly place: readonly number[]
}

export function writeCursor(direction: Cursor['direction'], place: readonly number[]): string {
  return Buffer.from(JSON.stringify([direction === 'older' ? 0 : 1, ...place])).toString('base64url')
}

/** Throws CodedError `history.cursor` (400) for what is no cursor of so many numbers. */
export function readCursor(text: string | undefined, length: number): Cursor | null {
  if (text === undefined) return null
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.length === length + 1) {
      const [direction, ...place] = parts as unknown[]
      if (place.every(isPlace) && isDirection(direction))
        return { direction: direction === 0 ? 'older' : 'newer', place }
    }
  } catch {
    // Said below, as for every other text that is no cursor.
  }
  throw new CodedError(
    'history.cursor',
    'This cursor is none: take next or previous of a page, or leave it out.',
    {
      status: 400,
      details: { path: '/cursor' },
    },
  )
}

function isDirection(value: unknown): value is 0 | 1 {
  return value === 0 || value === 1
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
