// One family of errors: a code, an HTTP status, and where a project's file is at fault.

/** A place in a project's file: line and column count from 1, column in UTF-16 units as editors do. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One complaint about a project or an input: what was found, where, and what would be right. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** Stable and searchable, for example `domain.unknown-slot`. */
  readonly code: string
  /** What was found, as a sentence. */
  readonly message: string
  readonly position?: SourcePosition
  /** Where in a parsed value, for a reader that knows the places of its keys: `['slots', 'city', 'type']`. */
  readonly path?: readonly (string | number)[]
  /** What would be right, as a sentence. */
  readonly hint?: string
}

/** An error that a caller may show: everything else that is thrown is a fault of ours. */
export class CodedError extends Error {
  readonly code: string
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    message: string,
    options: { status?: number; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CodedError'
    this.code = code
    this.status = options.status ?? 500
    this.details = options.details ?? {}
  }
}

/** All errors of a project at once; the message lists them one a line. */
export class ProjectError extends CodedError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super('project.invalid', problems.map(formatProblem).join('\n'), { status: 400 })
    this.name = 'ProjectError'
    this.problems = problems
  }
}

/** The problem as one line of text: `error domain.yml:3:5 message; hint [code]`. */
export function formatProblem(problem: Problem): string {
  const { position } = problem
  const where = position === undefined ? '' : `${position.file}:${position.line}:${position.column} `
  const hint = problem.hint === undefined ? '' : ` ${problem.hint}`
  return `${problem.severity} ${where}${problem.message}${hint} [${problem.code}]`
}
