// What a command reads from and writes to: the process's own streams, or a test's.

import { createColors } from 'picocolors'

export interface Console {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where relative paths start. */
  readonly folder: string
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  /** Whether a person looks on: then there are colours and lines that change. */
  readonly isTerminal: boolean
  /** Whether --json was given: then standard output is one JSON object, and nothing else. */
  readonly isJson?: boolean
}

export type Colors = ReturnType<typeof createColors>

/** Colours for a terminal; NO_COLOR and FORCE_COLOR have the last word. */
export function colorsOf({ environment, isTerminal }: Console): Colors {
  const forced = (environment['FORCE_COLOR'] ?? '') !== '' && environment['FORCE_COLOR'] !== '0'
  return createColors((environment['NO_COLOR'] ?? '') === '' && (isTerminal || forced))
}

/** For the result, in words; nothing with --json. */
export function print({ stdout, isJson }: Console, text: string): void {
  if (isJson !== true) stdout.write(`${text}\n`)
}

/** For the result as one JSON object, written with --json alone. */
export function printJson({ stdout, isJson }: Console, value: unknown): void {
  if (isJson === true) stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** For what is not the result: progress, warnings, errors. */
export function tell({ stderr }: Console, text: string): void {
  stderr.write(`${text}\n`)
}
