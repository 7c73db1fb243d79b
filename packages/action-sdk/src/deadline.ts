// How long an action may take.

import { CodedError } from '@tabula/protocol'

/** Milliseconds: as long as Rasa waits for an answer. */
export const DEFAULT_DEADLINE = 300_000

export function tooLate(action: string, deadline: number): CodedError {
  return new CodedError('actions.deadline', `${action} has not ended within ${deadline / 1000} s.`)
}
