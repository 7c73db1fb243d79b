// What goes wrong in a database, as callers should see it.

import { CodedError } from '@tabula/protocol'
import { unavailable } from '../redis/redis-errors.ts'

/** The result of the work; a database that is away, full or slow is CodedError `store.unavailable` (503). */
export async function askingSql<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw UNFIT.has(codeOf(cause)) ? unfit(cause) : unavailable(cause)
  }
}

/** Whether a row of this key is there already. */
export function isDuplicate(error: unknown): boolean {
  const message = error instanceof Error ? error.message : ''
  return codeOf(error) === '23505' || message.includes('UNIQUE constraint failed')
}

/** PostgreSQL: a text longer than its column; a NUL, which its texts cannot hold. */
const UNFIT = new Set(['22001', '22021'])

function unfit(cause: unknown): CodedError {
  const message =
    'The database cannot hold this id or text: it is longer than 255 characters, or holds a NUL.'
  return new CodedError('store.unfit', message, { status: 400, cause })
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
