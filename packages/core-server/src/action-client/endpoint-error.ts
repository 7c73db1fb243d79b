// Why a call to an endpoint brought nothing.

import { CodedError } from '@tabula/protocol'

/**
 * `unreached`: no connection, so nothing was sent. `cut`: the connection ended before the answer did. `deadline`: no answer in
 * time. `status`: the answer's status is 300 or more. `reply`: the answer is too large, or packed in a way that is not known.
 */
export type EndpointTrouble = 'unreached' | 'cut' | 'deadline' | 'status' | 'reply'

export class EndpointError extends CodedError {
  readonly trouble: EndpointTrouble
  /** null where there was no answer. */
  readonly httpStatus: number | null
  /** The answer's body. */
  readonly text: string

  constructor(
    trouble: EndpointTrouble,
    message: string,
    {
      httpStatus = null,
      text = '',
      cause,
    }: { readonly httpStatus?: number | null; readonly text?: string; readonly cause?: unknown } = {},
  ) {
    super(`endpoint.${trouble}`, message, { status: 502, cause })
    this.name = 'EndpointError'
    this.trouble = trouble
    this.httpStatus = httpStatus
    this.text = text
  }
}

/** The connection was never there, so the call has done nothing and may be made again. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
])

export function isUnreached(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNREACHED.has(String(error.code))
}

/** The error of a request that got no answer; one that is coded already stays as it is. `deadline` in milliseconds. */
export function noAnswer(cause: unknown, deadline: number): CodedError {
  if (cause instanceof CodedError) return cause
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return new EndpointError('deadline', `No answer within ${deadline / 1000} s.`, { cause })
  }
  const reason = reasonOf(cause)
  return isUnreached(cause)
    ? new EndpointError('unreached', `It cannot be reached: ${reason}`, { cause })
    : new EndpointError('cut', `The connection broke before the answer was there: ${reason}`, { cause })
}

/** An error of several addresses at once (localhost is two) has no message of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(reasonOf).join('; ')
  return cause instanceof Error ? cause.message : String(cause)
}
