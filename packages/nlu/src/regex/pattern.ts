// A project's regular expression, ready to search texts: on JavaScript's engine where that is safe, else on RE2.

import { createRequire } from 'node:module'
import type { SourcePosition } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { RE2JS } from 're2js'
import { checkLinear } from './check-linear.ts'
import { parsePythonRegex } from './parse-python-regex.ts'
import type { ParsedRegex } from './syntax.ts'
import { RegexSyntaxError } from './syntax.ts'
import { createTextPattern } from './text-pattern.ts'
import { writeJavaScript, writeRe2 } from './write-regex.ts'

export const REGEX_LIMITS = {
  /** The longest expression that a project may write by hand, in UTF-16 units. */
  source: 4096,
  /** Texts up to here are searched by JavaScript's engine even if a search may cost the square of their length. */
  nativeText: 2000,
  /** Where RE2 cannot run an expression, no more than this much of a text is searched. */
  searchedText: 16000,
} as const

/** One match; offsets are UTF-16 units. Groups that took no part are null. */
export interface PatternMatch {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | null)[]
}

export interface Pattern {
  readonly source: string
  /** Number of capturing groups. */
  readonly groupCount: number
  /** What searches: plain comparison of text, JavaScript's engine, or RE2. */
  readonly engine: 'text' | 'native' | 're2'
  /** No match holds a line break or depends on what is beyond one: many texts can be tested at once, joined by line breaks. */
  readonly withinLine: boolean
  /** All matches from left to right, none overlapping another, as Python's finditer gives them. */
  matches(text: string): readonly PatternMatch[]
  test(text: string): boolean
}

export interface PatternOptions {
  readonly ignoreCase?: boolean
  readonly position?: SourcePosition
  /** True for expressions that are made from data and may be long, like lookup tables. */
  readonly generated?: boolean
}

/**
 * The expression, in Python's syntax, ready to use. Throws CodedError `nlu.regex-invalid` where Python would refuse it and
 * `nlu.regex-unsafe` where a text could make it run without end; both say where in the expression.
 */
export function compilePattern(source: string, options: PatternOptions = {}): Pattern {
  if (options.generated !== true && source.length > REGEX_LIMITS.source) {
    throw invalid(source, `it is longer than ${REGEX_LIMITS.source} characters`, REGEX_LIMITS.source, options)
  }
  const parsed = parse(source, options)
  const ignoreCase = options.ignoreCase === true || parsed.ignoreCase
  const plain = createTextPattern(source, parsed, ignoreCase)
  if (plain !== null) return plain
  const { linear, bounded } = checkLinear({ ...parsed, ignoreCase })
  if (linear) return new NativePattern(source, parsed, ignoreCase, bounded)
  const re2 = compileRe2(parsed, ignoreCase)
  if (re2 !== null) return new Re2Pattern(source, parsed.groups.length, re2)
  throw new CodedError(
    'nlu.regex-unsafe',
    `The regular expression '${shorten(source)}' could run without end on some texts, and it uses look-arounds or ` +
      'references, which keep it from the engine that would be safe. Write it without nested or neighbouring repeats of the same characters.',
    { status: 400, details: details(source, 0, options) },
  )
}

/** The text as an expression that matches just it. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}_ ]/gu, char => (char === '\n' ? '\\n' : `\\${char}`))
}

function parse(source: string, options: PatternOptions): ParsedRegex {
  try {
    return parsePythonRegex(source)
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error
    throw invalid(source, `there is ${error.message} at character ${error.offset + 1}`, error.offset, options)
  }
}

function invalid(source: string, reason: string, offset: number, options: PatternOptions): CodedError {
  return new CodedError(
    'nlu.regex-invalid',
    `The regular expression '${shorten(source)}' is not valid: ${reason}.`,
    {
      status: 400,
      details: details(source, offset, options),
    },
  )
}

function details(source: string, offset: number, { position }: PatternOptions): Record<string, unknown> {
  return { pattern: shorten(source), offset, ...(position === undefined ? {} : { position }) }
}

function shorten(source: string): string {
  return source.length > 80 ? `${source.slice(0, 77)}...` : source
}

const require = createRequire(import.meta.url)

/** Most bots never need it, and it is large: it is loaded when it is first wanted, which must not wait. */
function loadRe2(): typeof RE2JS {
  return (require('re2js') as { readonly RE2JS: typeof RE2JS }).RE2JS
}

function compileRe2(parsed: ParsedRegex, ignoreCase: boolean): RE2JS | null {
  const source = writeRe2(parsed.root)
  if (source === null) return null
  const engine = loadRe2()
  try {
    return engine.compile(source, ignoreCase ? engine.CASE_INSENSITIVE : 0)
  } catch {
    return null
  }
}

class NativePattern implements Pattern {
  readonly source: string
  readonly groupCount: number
  readonly engine = 'native'
  readonly withinLine = false
  readonly #expression: RegExp
  readonly #bounded: boolean
  readonly #parsed: ParsedRegex
  readonly #ignoreCase: boolean
  #re2: Re2Pattern | null | undefined

  constructor(source: string, parsed: ParsedRegex, ignoreCase: boolean, bounded: boolean) {
    this.source = source
    this.groupCount = parsed.groups.length
    this.#parsed = parsed
    this.#ignoreCase = ignoreCase
    this.#bounded = bounded
    this.#expression = new RegExp(writeJavaScript(parsed.root), ignoreCase ? 'giu' : 'gu')
  }

  matches(text: string): readonly PatternMatch[] {
    if (this.#isLong(text)) {
      const re2 = this.#slowButLinear()
      if (re2 !== null) return re2.matches(text)
    }
    const found: PatternMatch[] = []
    for (const match of this.#searched(text).matchAll(this.#expression)) {
      if (splitsPair(text, match.index)) continue
      const groups = match.slice(1).map((group: string | undefined) => group ?? null)
      found.push({ start: match.index, end: match.index + match[0].length, groups })
    }
    return found
  }

  test(text: string): boolean {
    if (this.#isLong(text)) {
      const re2 = this.#slowButLinear()
      if (re2 !== null) return re2.test(text)
    }
    this.#expression.lastIndex = 0
    return this.#expression.test(this.#searched(text))
  }

  #isLong(text: string): boolean {
    return !this.#bounded && text.length > REGEX_LIMITS.nativeText
  }

  #searched(text: string): string {
    return this.#bounded ? text : text.slice(0, REGEX_LIMITS.searchedText)
  }

  #slowButLinear(): Re2Pattern | null {
    if (this.#re2 === undefined) {
      const re2 = compileRe2(this.#parsed, this.#ignoreCase)
      this.#re2 = re2 === null ? null : new Re2Pattern(this.source, this.groupCount, re2)
    }
    return this.#re2
  }
}

/** JavaScript's engine finds empty matches inside of a surrogate pair too. */
function splitsPair(text: string, offset: number): boolean {
  return offset > 0 && (text.codePointAt(offset - 1) ?? 0) > 0xffff
}

class Re2Pattern implements Pattern {
  readonly source: string
  readonly groupCount: number
  readonly engine = 're2'
  readonly withinLine = false
  readonly #expression: RE2JS

  constructor(source: string, groupCount: number, expression: RE2JS) {
    this.source = source
    this.groupCount = groupCount
    this.#expression = expression
  }

  matches(text: string): readonly PatternMatch[] {
    const found: PatternMatch[] = []
    const matcher = this.#expression.matcher(text)
    while (matcher.find()) {
      const groups = Array.from({ length: this.groupCount }, (_, index) => matcher.group(index + 1) ?? null)
      found.push({ start: matcher.start(), end: matcher.end(), groups })
    }
    return found
  }

  test(text: string): boolean {
    return this.#expression.matcher(text).find()
  }
}
