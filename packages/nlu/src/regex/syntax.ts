// A regular expression as a tree: what the parser reads from Python's syntax, and what is written out for an engine.

/** The characters that one step of a match may take. */
export type ClassItem =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'shorthand'; readonly name: 'd' | 's' | 'w' | 'D' | 'S' | 'W'; readonly ascii: boolean }

export type RegexNode =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'class'; readonly items: readonly ClassItem[]; readonly negated: boolean }
  | { readonly kind: 'any'; readonly newline: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly kind: 'repeat'
      readonly body: RegexNode
      readonly min: number
      readonly max: number
      readonly lazy: boolean
    }
  | { readonly kind: 'group'; readonly body: RegexNode; readonly name: string | null }
  /** A group that captures nothing; `ignoreCase` where an inline flag changes it for this part. */
  | { readonly kind: 'scope'; readonly body: RegexNode; readonly ignoreCase: boolean | null }
  | { readonly kind: 'look'; readonly body: RegexNode; readonly ahead: boolean; readonly negated: boolean }
  | { readonly kind: 'reference'; readonly group: number }
  | { readonly kind: 'text-start' | 'text-end' | 'end' | 'line-start' | 'line-end' }
  | { readonly kind: 'boundary'; readonly negated: boolean; readonly ascii: boolean }

export interface ParsedRegex {
  readonly root: RegexNode
  readonly ignoreCase: boolean
  /** Capturing groups in the order of their opening brackets; their names, null where they have none. */
  readonly groups: readonly (string | null)[]
}

/** What is wrong with an expression, and where: `offset` counts UTF-16 units from 0. */
export class RegexSyntaxError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'RegexSyntaxError'
    this.offset = offset
  }
}

export const EMPTY: RegexNode = { kind: 'sequence', parts: [] }
