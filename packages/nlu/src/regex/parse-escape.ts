// Backslash escapes that stand for one character or one kind of character, inside and outside of brackets.

import type { Source } from './source.ts'
import { fail } from './source.ts'
import type { ClassItem } from './syntax.ts'

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** The item for `\d`, `\w`, `\s` and their opposites; null for every other letter. */
export function shorthand(letter: string, ascii: boolean): ClassItem | null {
  switch (letter) {
    case 'd':
    case 's':
    case 'w':
    case 'D':
    case 'S':
    case 'W':
      return { kind: 'shorthand', name: letter, ascii }
    default:
      return null
  }
}

/** The code point of the escape at the parser's place, which then stands behind it. */
export function readEscapedCode(source: Source): number {
  const { pattern, at } = source
  const letter = pattern[at + 1] ?? ''
  const control = CONTROLS[letter]
  if (control !== undefined) {
    source.at += 2
    return control
  }
  const length = HEX_LENGTHS[letter]
  if (length !== undefined) {
    const digits = pattern.slice(at + 2, at + 2 + length)
    if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits))
      fail(source, `the incomplete escape \\${letter}`)
    source.at += 2 + length
    const code = parseInt(digits, 16)
    return code <= 0x10ffff ? code : fail(source, 'a code point beyond Unicode', at)
  }
  const octal = /^(?:0[0-7]{0,2}|[1-3][0-7]{2})/.exec(pattern.slice(at + 1, at + 4))?.[0]
  if (octal !== undefined) {
    source.at += 1 + octal.length
    return parseInt(octal, 8)
  }
  if (/[A-Za-z0-9]/.test(letter)) return fail(source, `the unknown escape \\${letter}`)
  const code = pattern.codePointAt(at + 1) ?? fail(source, 'a backslash at the end')
  source.at += 1 + String.fromCodePoint(code).length
  return code
}
