// Where the parser stands in an expression, and the one way in which it complains.

import { RegexSyntaxError } from './syntax.ts'

export interface Flags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly verbose: boolean
  readonly ascii: boolean
}

export interface Source {
  readonly pattern: string
  /** The next unit to read. */
  at: number
  depth: number
  readonly groups: { readonly name: string | null }[]
  /** Numbers of the groups that are not closed yet. */
  readonly open: Set<number>
  readonly flags: Flags
}

/** Throws RegexSyntaxError that names what was found at an offset: where the parser stands, unless told. */
export function fail(source: Source, found: string, offset: number = source.at): never {
  throw new RegexSyntaxError(found, offset)
}
