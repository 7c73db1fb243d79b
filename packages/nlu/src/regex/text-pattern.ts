// Expressions that are little more than plain text, as training examples used as keywords are: searched without an engine.

import { foldCase, isBoundary } from './fold.ts'
import type { Pattern, PatternMatch } from './pattern.ts'
import type { ParsedRegex, RegexNode } from './syntax.ts'

interface Step {
  /** The character to take, or null for any but a line break. */
  readonly char: string | null
  readonly optional: boolean
}

/** More than this many `x?` in a row of steps could take long to try out. */
const MAX_OPTIONAL = 8

/** The pattern where it is characters, dots and single optional characters, with a word boundary at the ends or not; else null. */
export function createTextPattern(source: string, parsed: ParsedRegex, ignoreCase: boolean): Pattern | null {
  const parts = parsed.root.kind === 'sequence' ? [...parsed.root.parts] : [parsed.root]
  const opens = isUnicodeBoundary(parts[0])
  if (opens) parts.shift()
  const closes = isUnicodeBoundary(parts.at(-1))
  if (closes) parts.pop()
  const steps = parts.flatMap(part => readStep(part, ignoreCase) ?? [null])
  const known = steps.filter(step => step !== null)
  const [first] = known
  if (known.length < steps.length || first === undefined || first.char === null || first.optional) return null
  if (known.filter(({ optional }) => optional).length > MAX_OPTIONAL) return null
  return createPattern(source, known, { opens, closes, ignoreCase })
}

function isUnicodeBoundary(node: RegexNode | undefined): boolean {
  return node?.kind === 'boundary' && !node.negated && !node.ascii
}

function readStep(node: RegexNode, ignoreCase: boolean): Step | null {
  if (node.kind === 'char') {
    const char = String.fromCodePoint(node.code)
    return { char: ignoreCase ? foldCase(char) : char, optional: false }
  }
  if (node.kind === 'any') return node.newline ? null : { char: null, optional: false }
  const single = node.kind === 'repeat' && node.min === 0 && node.max === 1 && !node.lazy
  const step = single && node.body.kind !== 'repeat' ? readStep(node.body, ignoreCase) : null
  return step === null ? null : { ...step, optional: true }
}

interface Edges {
  readonly opens: boolean
  readonly closes: boolean
  readonly ignoreCase: boolean
}

function createPattern(
  source: string,
  steps: readonly Step[],
  { opens, closes, ignoreCase }: Edges,
): Pattern {
  const fixed = steps.findIndex(({ char, optional }) => char === null || optional)
  const prefix = (fixed === -1 ? steps : steps.slice(0, fixed)).map(({ char }) => char ?? '').join('')
  const rest = fixed === -1 ? [] : steps.slice(fixed)

  /** Where the steps from one on end, the longest way first; -1 where they do not fit. */
  function endOf(text: string, folded: string, step: number, at: number): number {
    const next = rest[step]
    if (next === undefined) return closes && !isBoundary(text, at) ? -1 : at
    const width = (folded.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    const fits =
      next.char === null ? at < folded.length && folded[at] !== '\n' : folded.startsWith(next.char, at)
    const end = fits ? endOf(text, folded, step + 1, at + (next.char?.length ?? width)) : -1
    return end === -1 && next.optional ? endOf(text, folded, step + 1, at) : end
  }

  function* find(text: string): Generator<PatternMatch> {
    const folded = ignoreCase ? foldCase(text) : text
    for (let start = folded.indexOf(prefix); start !== -1;) {
      const end = opens && !isBoundary(text, start) ? -1 : endOf(text, folded, 0, start + prefix.length)
      if (end !== -1) yield { start, end, groups: [] }
      start = folded.indexOf(prefix, end === -1 ? start + 1 : end)
    }
  }

  return {
    source,
    groupCount: 0,
    engine: 'text',
    withinLine: !steps.some(({ char }) => char === '\n'),
    matches: text => [...find(text)],
    test: text => find(text).next().done !== true,
  }
}
