// What goes wrong in MongoDB, as callers should see it.

import { CodedError } from '@tabula/protocol'
import { unavailable } from '../redis/redis-errors.ts'

/** Milliseconds until an unanswered question fails: callers must have their 503 within 5 seconds. */
export const MONGO_TIMEOUT = 4_500

/** The result of the work; a server that is away, full or slow is CodedError `store.unavailable` (503). */
export async function askingMongo<Result>(work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  // The driver itself asks a second time where it may, and takes as long again.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(unavailable(new Error('MongoDB did not answer in time')))
    }, MONGO_TIMEOUT)
  })
  try {
    return await Promise.race([work(), late])
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw isTooLarge(cause) ? tooLarge(cause) : unavailable(cause)
  } finally {
    clearTimeout(timer)
  }
}

/** Whether a document of this key is there already. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === 11_000
}

/** BSONObjectTooLarge; the driver refuses some itself, without a code. */
function isTooLarge(error: unknown): boolean {
  const message = error instanceof Error ? error.message : ''
  return codeOf(error) === 10_334 || /larger than the maximum|too large/i.test(message)
}

function tooLarge(cause: unknown): CodedError {
  const message = 'MongoDB cannot hold this: one append to a conversation has at most 16 MB.'
  return new CodedError('store.unfit', message, { status: 400, cause })
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
