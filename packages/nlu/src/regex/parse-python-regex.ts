// Reads Python's `re` syntax (3.10, text patterns): what nlu.yml and config.yml write their expressions in.

import { parseClass } from './parse-class.ts'
import { readEscapedCode, shorthand } from './parse-escape.ts'
import type { Flags, Source } from './source.ts'
import { fail } from './source.ts'
import type { ParsedRegex, RegexNode } from './syntax.ts'
import { EMPTY } from './syntax.ts'

const MAX_REPEAT = 4294967295
const MAX_DEPTH = 100

/** The tree of an expression. Throws RegexSyntaxError where Python would refuse it, and for conditionals `(?(1)..)`. */
export function parsePythonRegex(pattern: string): ParsedRegex {
  const source: Source = {
    pattern,
    at: 0,
    depth: 0,
    groups: [],
    open: new Set(),
    flags: readGlobalFlags(pattern),
  }
  const root = parseChoice(source, source.flags)
  if (source.at < pattern.length) fail(source, 'a closing bracket without an opening one')
  return { root, ignoreCase: source.flags.ignoreCase, groups: source.groups.map(group => group.name) }
}

/** Global inline flags count for the whole expression, wherever they stand. */
function readGlobalFlags(pattern: string): Flags {
  const letters = [...pattern.matchAll(/(?<!\\)\(\?([aimsxuL]+)\)/g)].map(match => match[1] ?? '').join('')
  return {
    ignoreCase: letters.includes('i'),
    multiline: letters.includes('m'),
    dotAll: letters.includes('s'),
    verbose: letters.includes('x'),
    ascii: letters.includes('a'),
  }
}

function parseChoice(source: Source, flags: Flags): RegexNode {
  source.depth += 1
  if (source.depth > MAX_DEPTH) fail(source, `brackets nested deeper than ${MAX_DEPTH}`)
  const options = [parseSequence(source, flags)]
  while (source.pattern[source.at] === '|') {
    source.at += 1
    options.push(parseSequence(source, flags))
  }
  source.depth -= 1
  const [first] = options
  return options.length === 1 && first !== undefined ? first : { kind: 'choice', options }
}

function parseSequence(source: Source, flags: Flags): RegexNode {
  const parts: RegexNode[] = []
  for (;;) {
    if (flags.verbose) skipVerbose(source)
    const next = source.pattern[source.at]
    if (next === undefined || next === '|' || next === ')') break
    const start = source.at
    const atom = parseAtom(source, flags)
    parts.push(parseRepeats(source, flags, atom, start))
  }
  const [first] = parts
  return parts.length === 1 && first !== undefined ? first : { kind: 'sequence', parts }
}

function skipVerbose(source: Source): void {
  for (;;) {
    const next = source.pattern[source.at]
    if (next !== undefined && ' \t\n\r\f\v'.includes(next)) source.at += 1
    else if (next === '#') {
      const end = source.pattern.indexOf('\n', source.at)
      source.at = end === -1 ? source.pattern.length : end + 1
    } else return
  }
}

function parseRepeats(source: Source, flags: Flags, atom: RegexNode, start: number): RegexNode {
  if (flags.verbose) skipVerbose(source)
  const counts = readCounts(source)
  if (counts === null) return atom
  if (atom === EMPTY || isAssertion(atom)) fail(source, 'nothing to repeat', start)
  const lazy = source.pattern[source.at] === '?'
  if (lazy) source.at += 1
  const after = source.at
  if (readCounts(source) !== null) fail(source, 'a repeat of a repeat', after)
  return { kind: 'repeat', body: atom, min: counts.min, max: counts.max, lazy }
}

function isAssertion(node: RegexNode): boolean {
  return node.kind === 'text-start' || node.kind === 'line-start'
}

/** Reads `*`, `+`, `?` or `{m,n}`; a brace that is no count stays for the next atom. */
function readCounts(source: Source): { min: number; max: number } | null {
  const next = source.pattern[source.at]
  if (next === '*' || next === '+' || next === '?') {
    source.at += 1
    return { min: next === '+' ? 1 : 0, max: next === '?' ? 1 : Infinity }
  }
  if (next !== '{') return null
  const match = /^\{(\d*)(,?)(\d*)\}/.exec(source.pattern.slice(source.at, source.at + 40))
  if (match === null) return null
  const [whole, low = '', comma = '', high = ''] = match
  if (low === '' && comma === '') return null
  const min = low === '' ? 0 : Number(low)
  const max = comma === '' ? min : high === '' ? Infinity : Number(high)
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT))
    fail(source, 'a repeat count that is too large')
  if (max < min) fail(source, 'a repeat whose minimum is above its maximum')
  source.at += whole.length
  return { min, max }
}

function parseAtom(source: Source, flags: Flags): RegexNode {
  const { pattern } = source
  const code = pattern.codePointAt(source.at) ?? 0
  const char = String.fromCodePoint(code)
  switch (char) {
    case '(':
      return parseGroup(source, flags)
    case '[':
      return parseClass(source, flags)
    case '\\':
      return parseEscape(source, flags)
    case '.':
      source.at += 1
      return { kind: 'any', newline: flags.dotAll }
    case '^':
      source.at += 1
      return { kind: flags.multiline ? 'line-start' : 'text-start' }
    case '$':
      source.at += 1
      return { kind: flags.multiline ? 'line-end' : 'end' }
    case '*':
    case '+':
    case '?':
      return fail(source, 'nothing to repeat')
    default:
      source.at += char.length
      return { kind: 'char', code }
  }
}

function parseGroup(source: Source, flags: Flags): RegexNode {
  const start = source.at
  const rest = source.pattern.slice(start)
  const inline = /^\(\?([aimsxuL]*)(?:-([imsx]+))?([:)])/.exec(rest)
  if (rest.startsWith('(?#')) {
    const end = source.pattern.indexOf(')', start)
    if (end === -1) fail(source, 'a comment without its closing bracket')
    source.at = end + 1
    return EMPTY
  }
  if (inline !== null && rest.startsWith('(?')) {
    const [whole, on = '', off = '', close = ''] = inline
    if (on.includes('L')) fail(source, 'the flag L, which is for byte patterns only')
    source.at += whole.length
    if (close === ')') return on === '' ? fail(source, 'an empty flag group', start) : EMPTY
    const inner = changeFlags(flags, on, off)
    const body = closeGroup(source, parseChoice(source, inner), start)
    return {
      kind: 'scope',
      body,
      ignoreCase: inner.ignoreCase === flags.ignoreCase ? null : inner.ignoreCase,
    }
  }
  const look = /^\(\?(<?)([=!])/.exec(rest)
  if (look !== null) {
    source.at += look[0].length
    const body = closeGroup(source, parseChoice(source, flags), start)
    return { kind: 'look', body, ahead: look[1] === '', negated: look[2] === '!' }
  }
  const reference = /^\(\?P=([^)]*)\)/.exec(rest)
  if (reference !== null) {
    const index = source.groups.findIndex(group => group.name === reference[1])
    if (index === -1) fail(source, `a reference to the unknown group '${reference[1] ?? ''}'`)
    source.at += reference[0].length
    return { kind: 'reference', group: index + 1 }
  }
  if (rest.startsWith('(?(')) fail(source, 'a conditional (?(..)..), which is not supported')
  const named = /^\(\?P<([^>]*)>/.exec(rest)
  if (rest.startsWith('(?') && named === null) fail(source, 'an unknown extension after (?')
  return parseCapture(source, flags, named, start)
}

function parseCapture(source: Source, flags: Flags, named: RegExpExecArray | null, start: number): RegexNode {
  const name = named?.[1] ?? null
  if (name !== null) {
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) fail(source, `the group name '${name}', which is no name`)
    if (source.groups.some(group => group.name === name)) fail(source, `the group name '${name}' twice`)
  }
  source.groups.push({ name })
  const index = source.groups.length
  source.open.add(index)
  source.at += named === null ? 1 : named[0].length
  const body = closeGroup(source, parseChoice(source, flags), start)
  source.open.delete(index)
  return { kind: 'group', body, name }
}

function closeGroup(source: Source, body: RegexNode, start: number): RegexNode {
  if (source.pattern[source.at] !== ')') fail(source, 'an opening bracket without its closing one', start)
  source.at += 1
  return body
}

function changeFlags(flags: Flags, on: string, off: string): Flags {
  const set = (letter: string, now: boolean): boolean =>
    on.includes(letter) ? true : off.includes(letter) ? false : now
  return {
    ignoreCase: set('i', flags.ignoreCase),
    multiline: set('m', flags.multiline),
    dotAll: set('s', flags.dotAll),
    verbose: set('x', flags.verbose),
    ascii: on.includes('u') ? false : set('a', flags.ascii),
  }
}

function parseEscape(source: Source, flags: Flags): RegexNode {
  const letter = source.pattern[source.at + 1]
  if (letter === undefined) return fail(source, 'a backslash at the end')
  const items = shorthand(letter, flags.ascii)
  if (items !== null) {
    source.at += 2
    return { kind: 'class', items: [items], negated: false }
  }
  if (letter === 'A' || letter === 'Z') {
    source.at += 2
    return { kind: letter === 'A' ? 'text-start' : 'text-end' }
  }
  if (letter === 'b' || letter === 'B') {
    source.at += 2
    return { kind: 'boundary', negated: letter === 'B', ascii: flags.ascii }
  }
  const digits = /^[1-9][0-9]?/.exec(source.pattern.slice(source.at + 1))?.[0]
  if (digits !== undefined && !/^[0-3][0-7][0-7]/.test(source.pattern.slice(source.at + 1))) {
    const group = Number(digits)
    if (group > source.groups.length) fail(source, `a reference to group ${group}, which is not there`)
    if (source.open.has(group)) fail(source, `a reference to group ${group} from inside it`)
    source.at += 1 + digits.length
    return { kind: 'reference', group }
  }
  return { kind: 'char', code: readEscapedCode(source) }
}
