// What a store that cannot be reached looks like to callers: 503 with a time to come back.

import { CodedError } from '@tabula/protocol'

/** The result of the work; whatever goes wrong between us and the server is CodedError `store.unavailable` (503). */
export async function asking<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    throw cause instanceof CodedError ? cause : unavailable(cause)
  }
}

/** The outcome of what was asked is unknown: a repeat under the same id settles it. */
export function unavailable(cause: unknown): CodedError {
  return new CodedError('store.unavailable', 'The store of conversations does not answer.', {
    status: 503,
    details: { retryAfter: 1 + Math.floor(Math.random() * 5) },
    cause,
  })
}
