// What a database that does not answer looks like to callers: 503, and what to do about it.

import { CodedError } from '@tabula/protocol'

const AWAY = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|57P0|08|53|3D000|28P01|28000)/
const UNDEFINED_TABLE = '42P01'

/** The error of a database as CodedError `database.away` or `database.no-tables` (503); any other error as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof CodedError) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === UNDEFINED_TABLE || error.message.includes('no such table: ')) {
    return refused('database.no-tables', 'The database has no tables yet: run bot db create.', error)
  }
  if (isUntrusted(error)) {
    return refused(
      'database.certificate',
      `The certificate of the database is not trusted (${error.message.replace(/;.*/, '')}). NODE_EXTRA_CA_CERTS names the file of its root; POSTGRES_SSLMODE=no-verify takes any.`,
      error,
    )
  }
  const isAway =
    AWAY.test(code ?? '') ||
    error.name === 'KnexTimeoutError' ||
    /Connection terminated|timeout exceeded when trying to connect|database is locked|disk is full/.test(
      error.message,
    )
  return isAway
    ? refused('database.away', 'The database cannot be reached just now. Try again in a moment.', error)
    : error
}

/** Node's codes for a certificate that it does not take. */
function isUntrusted(error: Error): boolean {
  const { code = '' } = error as NodeJS.ErrnoException
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code)
}

function refused(code: string, message: string, cause: Error): CodedError {
  return new CodedError(code, message, { status: 503, details: { retryAfter: 2 }, cause })
}
