// Whether an engine that backtracks stays linear on an expression: no text can be read in ever more ways as it grows.
// After Weber and Seidl, "On the degree of ambiguity of finite automata" (1991): exponential when a state can be left and
// reached again in two ways over one text, polynomial when one loop can hand over to another that reads the same text.

import type { Positions } from './positions.ts'
import { buildPositions } from './positions.ts'
import type { ParsedRegex } from './syntax.ts'

const MAX_POSITIONS = 400
const MAX_POSITIONS_WITH_LOOPS = 60
/** Of the search for polynomial cost; an expression that needs more is taken for one. */
const MAX_STEPS = 200_000

interface Budget {
  steps: number
}

export interface Linearity {
  /** From one start in the text, matching costs at most in proportion to its length. */
  readonly linear: boolean
  /** Nothing is repeated without bound: the cost of a whole search is in proportion to the text. */
  readonly bounded: boolean
}

/** What backtracking costs at worst; where the check cannot tell, the answer is no. */
export function checkLinear({ root, ignoreCase }: Pick<ParsedRegex, 'root' | 'ignoreCase'>): Linearity {
  if (!repeatsUnbounded(root)) return { linear: true, bounded: true }
  const positions = buildPositions(root, ignoreCase, MAX_POSITIONS)
  if (positions === null) return { linear: false, bounded: false }
  if (positions.looks.some(look => !checkLinear({ root: look, ignoreCase }).linear)) {
    return { linear: false, bounded: false }
  }
  if (!positions.unbounded) return { linear: true, bounded: true }
  const looping = loopingPositions(positions)
  if (looping.length > MAX_POSITIONS_WITH_LOOPS) return { linear: false, bounded: false }
  return { linear: !readsInTwoWays(positions, looping), bounded: false }
}

/** Large choices of plain words, as lookup tables make them, need no automaton. */
function repeatsUnbounded(node: ParsedRegex['root']): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.parts.some(repeatsUnbounded)
    case 'choice':
      return node.options.some(repeatsUnbounded)
    case 'repeat':
      return node.max > 1 || repeatsUnbounded(node.body)
    case 'group':
    case 'scope':
    case 'look':
      return repeatsUnbounded(node.body)
    default:
      return false
  }
}

/** Positions that can be reached again from themselves. */
function loopingPositions({ follow }: Positions): number[] {
  return follow.flatMap((_, start) => (reachable(follow, start).has(start) ? [start] : []))
}

function reachable(follow: readonly ReadonlySet<number>[], start: number): Set<number> {
  const seen = new Set<number>()
  const open = [...(follow[start] ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(follow[next] ?? []))
  }
  return seen
}

/**
 * Looks for a text that leads from loop p back to p, from p to q, and from q back to q. With q = p reached over another
 * state on the way this is exponential, else polynomial; both are refused.
 */
function readsInTwoWays(positions: Positions, looping: readonly number[]): boolean {
  const overlaps = overlapTable(positions)
  const budget: Budget = { steps: MAX_STEPS }
  for (const p of looping) {
    if (splitsAndMeets(positions, overlaps, p)) return true
    const after = reachable(positions.follow, p)
    for (const q of looping) {
      // The last character of such a text leads into p and q at once.
      if (q === p || !after.has(q) || overlaps[p]?.[q] !== true) continue
      if (handsOver(positions, p, q, budget)) return true
    }
  }
  return false
}

function overlapTable({ takes }: Positions): boolean[][] {
  return takes.map(one => takes.map(other => one.some((taken, index) => taken && other[index] === true)))
}

/** Exponential: from (p, p) over some pair of two different positions back to (p, p). */
function splitsAndMeets(
  { follow }: Positions,
  overlaps: readonly (readonly boolean[])[],
  p: number,
): boolean {
  const size = follow.length
  const steps = (pair: number): number[] => {
    const [one, other] = [Math.floor(pair / size), pair % size]
    const out: number[] = []
    for (const a of follow[one] ?? [])
      for (const b of follow[other] ?? []) if (overlaps[a]?.[b] === true) out.push(a * size + b)
    return out
  }
  const start = p * size + p
  const seen = new Set<number>()
  // A pair is remembered with whether it has been apart since the start.
  const open = [{ pair: start, apart: false }]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const pair of steps(at.pair)) {
      const apart = at.apart || Math.floor(pair / size) !== pair % size
      if (pair === start && apart) return true
      const key = pair * 2 + (apart ? 1 : 0)
      if (seen.has(key)) continue
      seen.add(key)
      open.push({ pair, apart })
    }
  }
  return false
}

/** Polynomial: one text leads from (p, p, q) to (p, q, q). */
function handsOver({ follow, takes }: Positions, p: number, q: number, budget: Budget): boolean {
  const size = follow.length
  const goal = (p * size + q) * size + q
  const seen = new Set<number>()
  const open = [[p, p, q]]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x = 0, y = 0, z = 0] = at
    for (const a of follow[x] ?? [])
      for (const b of follow[y] ?? [])
        for (const c of follow[z] ?? []) {
          budget.steps -= 1
          if (budget.steps < 0) return true
          const key = (a * size + b) * size + c
          if (seen.has(key) || !takeTogether(takes, a, b, c)) continue
          if (key === goal) return true
          seen.add(key)
          open.push([a, b, c])
        }
  }
  return false
}

function takeTogether(takes: readonly (readonly boolean[])[], a: number, b: number, c: number): boolean {
  return (
    takes[a]?.some((taken, index) => taken && takes[b]?.[index] === true && takes[c]?.[index] === true) ??
    false
  )
}
