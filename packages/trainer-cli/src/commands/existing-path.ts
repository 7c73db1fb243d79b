// Paths that flags name: one that is not there falls back to the usual one with a word, as in Rasa.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CodedError } from '@tabula/protocol'
import { type Console, tell } from '../console.ts'

/** The path, or the usual one where only that is there; a path of neither is given back as it is, for its reader to complain. */
export function existingPath(path: string, usual: string, console: Console): string {
  if (path === usual || existsSync(resolve(console.folder, path))) return path
  if (!existsSync(resolve(console.folder, usual))) return path
  tell(console, `warning: The path '${path}' does not exist. The default '${usual}' is used instead.`)
  return usual
}

/** The same for flags that take several paths. Throws CodedError `cli.missing-path` where a named one is nowhere. */
export function existingPaths(paths: readonly string[], usual: string, console: Console): string[] {
  return [...new Set(paths.map(path => existingPath(path, usual, console)))].map(path => {
    if (path === usual || existsSync(resolve(console.folder, path))) return path
    throw missingPath(path, usual)
  })
}

export function missingPath(path: string, usual: string): CodedError {
  return new CodedError(
    'cli.missing-path',
    `There is nothing at '${path}', nor at '${usual}', which would take its place.`,
  )
}
