// What a command says when it cannot go on.

import { CodedError, ProjectError } from '@tabula/protocol'
import { colorsOf, type Console, printJson, tell } from '../console.ts'
import { showProblems } from './show-problems.ts'

/** Writes the error for a person: a project's with all its places, a known one in a sentence, a fault of ours with its stack. */
export function showError(error: unknown, root: string, console: Console): void {
  const colors = colorsOf(console)
  printJson(console, {
    error: {
      code: error instanceof CodedError ? error.code : 'internal',
      message: error instanceof Error ? error.message : String(error),
      ...(error instanceof ProjectError ? { problems: error.problems } : {}),
    },
  })
  if (error instanceof ProjectError) showProblems(error.problems, root, console)
  else if (error instanceof CodedError)
    tell(console, `${colors.red('error')}: ${error.message} ${colors.dim(`[${error.code}]`)}`)
  else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    tell(console, `${colors.red('error')}: this should not have happened; please report it.\n${text}`)
  }
}
