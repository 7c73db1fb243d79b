// Character classes in brackets: `[a-z_]`, `[^\d\s]`, `[]x]`.

import { readEscapedCode, shorthand } from './parse-escape.ts'
import type { Flags, Source } from './source.ts'
import { fail } from './source.ts'
import type { ClassItem, RegexNode } from './syntax.ts'

/** The class at the parser's place, which then stands behind the closing bracket. */
export function parseClass(source: Source, flags: Flags): RegexNode {
  const start = source.at
  source.at += 1
  const negated = source.pattern[source.at] === '^'
  if (negated) source.at += 1
  const items: ClassItem[] = []
  for (let first = true; first || source.pattern[source.at] !== ']'; first = false) {
    if (source.at >= source.pattern.length) fail(source, 'a class without its closing bracket', start)
    items.push(parseItem(source, flags))
  }
  source.at += 1
  return { kind: 'class', items, negated }
}

function parseItem(source: Source, flags: Flags): ClassItem {
  const start = source.at
  const low = parseMember(source, flags)
  const next = source.pattern[source.at + 1]
  if (source.pattern[source.at] !== '-' || next === ']' || next === undefined) return asItem(low)
  source.at += 1
  const high = parseMember(source, flags)
  if (typeof low !== 'number' || typeof high !== 'number')
    return fail(source, 'a range without two ends', start)
  if (high < low) return fail(source, 'a range whose end lies before its start', start)
  return { kind: 'range', from: low, to: high }
}

function parseMember(source: Source, flags: Flags): number | ClassItem {
  if (source.pattern[source.at] !== '\\') {
    const code = source.pattern.codePointAt(source.at)
    if (code === undefined) return fail(source, 'a class without its closing bracket')
    source.at += String.fromCodePoint(code).length
    return code
  }
  const letter = source.pattern[source.at + 1] ?? ''
  const item = shorthand(letter, flags.ascii)
  if (item !== null) {
    source.at += 2
    return item
  }
  if (letter === 'b') {
    source.at += 2
    return 8
  }
  return readEscapedCode(source)
}

function asItem(member: number | ClassItem): ClassItem {
  return typeof member === 'number' ? { kind: 'range', from: member, to: member } : member
}
