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
}

export type Colors = ReturnType<typeof createColors>

/** Colours for a terminal; NO_COLOR and FORCE_COLOR have the last word. */
export function colorsOf({ environment, isTerminal }: Console): Colors {
  const forced = (environment['FORCE_COLOR'] ?? '') !== '' && environment['FORCE_COLOR'] !== '0'
  return createColors((environment['NO_COLOR'] ?? '') === '' && (isTerminal || forced))
}

export function print({ stdout }: Console, text: string): void {
  stdout.write(`${text}\n`)
}

/** For what is not the result: progress, warnings, errors. */
export function tell({ stderr }: Console, text: string): void {
  stderr.write(`${text}\n`)
}
