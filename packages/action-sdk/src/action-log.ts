// Where the server of actions writes what went wrong: pino's and most other loggers fit as they are.

import { inspect } from 'node:util'

export interface ActionLog {
  warn(data: ActionLogData, message: string): void
  error(data: ActionLogData, message: string): void
}

export interface ActionLogData {
  readonly code: string
  /** The name of the action. */
  readonly action?: string
  readonly err?: unknown
}

/** A log on standard error: one line, and the stack below it where there is one. */
export const standardErrorLog: ActionLog = {
  warn(data, message) {
    write('warning', data, message)
  },
  error(data, message) {
    write('error', data, message)
  },
}

function write(level: string, { code, err }: ActionLogData, message: string): void {
  // An error is shown with its stack and its cause.
  const details = err === undefined ? '' : `\n${inspect(err)}`
  process.stderr.write(`${level} ${message} [${code}]${details}\n`)
}
