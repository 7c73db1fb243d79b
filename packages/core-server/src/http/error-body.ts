// Rasa's error body, the same for every error of every route.

/** The release whose behaviour this server has; clients read it from /version and from errors. */
export const RASA_VERSION = '3.6.21'

export interface ErrorBody {
  readonly version: string
  readonly status: 'failure'
  readonly message: string
  readonly reason: string
  readonly details: { readonly parameter?: string; readonly in?: string }
  readonly help: null
  readonly code: number
}

export interface ErrorParts {
  readonly status: number
  readonly reason: string
  readonly message: string
  readonly parameter?: { readonly name: string; readonly in: 'query' | 'body' } | undefined
}

export function errorBody({ status, reason, message, parameter }: ErrorParts): ErrorBody {
  return {
    version: RASA_VERSION,
    status: 'failure',
    message,
    reason,
    details: parameter === undefined ? {} : { parameter: parameter.name, in: parameter.in },
    help: null,
    code: status,
  }
}
