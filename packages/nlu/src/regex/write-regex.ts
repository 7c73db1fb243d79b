// Writes a parsed expression for JavaScript's engine (flag u) or for RE2, with Python's meaning of \w, \d, \s, \b, . and $.

import type { ClassItem, RegexNode } from './syntax.ts'

/** Python's `\w`, `\d` and `\s` for text, as the inside of a class under flag u. */
export const WORD = '\\p{L}\\p{N}_'
export const DIGIT = '\\p{Nd}'
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

const UNICODE: Readonly<Record<string, string>> = { w: WORD, d: DIGIT, s: SPACE }
const ASCII: Readonly<Record<string, string>> = { w: 'a-zA-Z0-9_', d: '0-9', s: '\\t-\\r\\x20' }
const NEVER = '[^\\s\\S]'

/** The expression for RegExp; flags `u`, and `i` where case is ignored. */
export function writeJavaScript(node: RegexNode): string {
  return new Writer(false).write(node)
}

/** The expression for RE2, or null where it has look-arounds, references, or too large a count. */
export function writeRe2(node: RegexNode): string | null {
  const writer = new Writer(true)
  const source = writer.write(node)
  return writer.possible ? source : null
}

class Writer {
  readonly #re2: boolean
  possible = true

  constructor(re2: boolean) {
    this.#re2 = re2
  }

  write(node: RegexNode): string {
    switch (node.kind) {
      case 'char':
        return this.#char(node.code)
      case 'any':
        return node.newline ? (this.#re2 ? '(?s:.)' : '[^]') : '[^\\n]'
      case 'class':
        return this.#class(node.items, node.negated)
      case 'sequence':
        return this.#sequence(node.parts)
      case 'choice':
        return `(?:${node.options.map(option => this.write(option)).join('|')})`
      case 'repeat':
        return this.#repeat(node)
      case 'group':
        return node.name === null
          ? `(${this.write(node.body)})`
          : `(${this.#re2 ? '?P' : '?'}<${node.name}>${this.write(node.body)})`
      case 'scope': {
        const flag = node.ignoreCase === null ? '' : node.ignoreCase ? 'i' : '-i'
        return `(?${flag}:${this.write(node.body)})`
      }
      case 'look':
        return this.#onlyJavaScript(
          `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}${this.write(node.body)})`,
        )
      case 'reference':
        return this.#onlyJavaScript(`(?:\\${node.group})`)
      case 'boundary':
        return this.#boundary(node.negated, node.ascii, null, null)
      case 'text-start':
        return this.#re2 ? '\\A' : '^'
      case 'text-end':
        return this.#re2 ? '\\z' : '$'
      case 'end':
        return this.#re2 ? '\\n?\\z' : '(?=\\n?$)'
      case 'line-start':
        return this.#re2 ? '(?m:^)' : '(?:^|(?<=\\n))'
      case 'line-end':
        return this.#re2 ? '(?m:$)' : '(?=\\n|$)'
      default:
        return node satisfies never
    }
  }

  #onlyJavaScript(source: string): string {
    if (this.#re2) this.possible = false
    return source
  }

  /** A boundary beside a character that is known needs to look at one side only: that is the common, and much faster, case. */
  #sequence(parts: readonly RegexNode[]): string {
    return parts
      .map((part, index) =>
        part.kind === 'boundary'
          ? this.#boundary(part.negated, part.ascii, wordness(parts[index - 1]), wordness(parts[index + 1]))
          : this.write(part),
      )
      .join('')
  }

  /** RE2 knows ASCII boundaries only; there, letters beyond ASCII do not count as word characters. */
  #boundary(negated: boolean, ascii: boolean, before: boolean | null, after: boolean | null): string {
    if (this.#re2) return negated ? '\\B' : '\\b'
    const word = `[${ascii ? ASCII['w'] : WORD}]`
    if (after !== null) return `(?<${after === negated ? '=' : '!'}${word})`
    if (before !== null) return `(?${before === negated ? '=' : '!'}${word})`
    const same = negated ? '=' : '!'
    const other = negated ? '!' : '='
    return `(?:(?<=${word})(?${same}${word})|(?<!${word})(?${other}${word}))`
  }

  #repeat(node: Extract<RegexNode, { kind: 'repeat' }>): string {
    const body = this.write(node.body)
    const atom = node.body.kind === 'char' || node.body.kind === 'class' || node.body.kind === 'any'
    const group = atom || node.body.kind === 'group' || node.body.kind === 'scope' ? body : `(?:${body})`
    if (this.#re2 && (node.min > 1000 || (node.max !== Infinity && node.max > 1000))) this.possible = false
    return group + counts(node.min, node.max) + (node.lazy ? '?' : '')
  }

  #class(items: readonly ClassItem[], negated: boolean): string {
    if (items.length === 0) return negated ? '[^]' : NEVER
    const [first] = items
    if (items.length === 1 && first?.kind === 'shorthand') return this.#shorthandClass(first, negated)
    const opposites = items.filter(item => item.kind === 'shorthand' && item.name === item.name.toUpperCase())
    const plain = items.filter(item => !opposites.includes(item)).map(item => this.#item(item))
    if (opposites.length === 0) return `[${negated ? '^' : ''}${plain.join('')}]`
    const options = opposites.map(item => this.#class([item], false))
    if (plain.length > 0) options.push(`[${plain.join('')}]`)
    if (!negated) return `(?:${options.join('|')})`
    return this.#onlyJavaScript(`(?:(?!${options.join('|')})[^])`)
  }

  #shorthandClass(item: Extract<ClassItem, { kind: 'shorthand' }>, negated: boolean): string {
    const opposite = item.name === item.name.toUpperCase()
    return `[${opposite === negated ? '' : '^'}${this.#item(item)}]`
  }

  #item(item: ClassItem): string {
    if (item.kind === 'shorthand') {
      const set = (item.ascii ? ASCII : UNICODE)[item.name.toLowerCase()] ?? ''
      return this.#re2 ? set.replaceAll(/\\u([0-9a-f]{4})/g, '\\x{$1}') : set
    }
    return item.from === item.to ? this.#char(item.from) : `${this.#char(item.from)}-${this.#char(item.to)}`
  }

  #char(code: number): string {
    const char = String.fromCodePoint(code)
    if (/[\p{L}\p{N}_ ]/u.test(char)) return char
    const hex = code.toString(16)
    return this.#re2 ? `\\x{${hex}}` : `\\u{${hex}}`
  }
}

/** Whether a part is always one word character (true), never one (false), or not known from here (null). */
function wordness(node: RegexNode | undefined): boolean | null {
  if (node?.kind !== 'char') return null
  return /[\p{L}\p{N}_]/u.test(String.fromCodePoint(node.code))
}

function counts(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  if (min === 0 && max === 1) return '?'
  return min === max ? `{${min}}` : `{${min},${max}}`
}
