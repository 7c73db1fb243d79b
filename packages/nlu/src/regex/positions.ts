// The position automaton of an expression (Glushkov): one state a character step, edges to the steps that may follow.

import type { RegexNode } from './syntax.ts'
import { WORD, writeJavaScript } from './write-regex.ts'

/** A variable count above this is read as unbounded: backtracking over it costs as if it were. */
const SMALL_COUNT = 5

export interface Positions {
  /** For each position, which of the sample characters it takes. */
  readonly takes: readonly boolean[][]
  readonly follow: readonly Set<number>[]
  /** Whether something unbounded is repeated at all. */
  readonly unbounded: boolean
  /** The bodies of its look-arounds. */
  readonly looks: readonly RegexNode[]
}

interface Part {
  readonly nullable: boolean
  readonly first: Set<number>
  readonly last: Set<number>
}

/** The automaton, or null where it would have more than `limit` positions or repeats something that may be empty. */
export function buildPositions(root: RegexNode, ignoreCase: boolean, limit: number): Positions | null {
  const builder = new Builder(limit)
  builder.build(root)
  if (builder.refused || (builder.refersBack && builder.unbounded)) return null
  const samples = sampleCharacters(builder.steps)
  const takes = builder.steps.map(step => {
    const one = new RegExp(`^${writeJavaScript(step)}$`, ignoreCase ? 'iu' : 'u')
    return samples.map(sample => one.test(sample))
  })
  return { takes, follow: builder.follow, unbounded: builder.unbounded, looks: builder.looks }
}

class Builder {
  readonly steps: RegexNode[] = []
  readonly follow: Set<number>[] = []
  refused = false
  /** A reference repeats what its group took: harmless only while that is short. */
  refersBack = false
  unbounded = false
  /** Bodies of the look-arounds, each to be checked for itself. */
  readonly looks: RegexNode[] = []
  readonly #limit: number
  #loops = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  build(node: RegexNode): Part {
    switch (node.kind) {
      case 'char':
      case 'class':
      case 'any':
        return this.#step(node)
      case 'sequence':
        return node.parts.reduce<Part>((before, part) => this.#join(before, this.build(part)), empty())
      case 'choice':
        return node.options.map(option => this.build(option)).reduce(either)
      case 'repeat':
        return this.#repeat(node)
      case 'group':
      case 'scope':
        return this.build(node.body)
      case 'look':
        return this.#look(node.body)
      case 'reference':
        this.refersBack = true
        return empty()
      default:
        return empty()
    }
  }

  #step(node: RegexNode): Part {
    if (this.steps.length >= this.#limit) {
      this.refused = true
      return empty()
    }
    const index = this.steps.push(node) - 1
    this.follow.push(new Set())
    return { nullable: false, first: new Set([index]), last: new Set([index]) }
  }

  #join(before: Part, after: Part): Part {
    for (const end of before.last) for (const start of after.first) this.follow[end]?.add(start)
    return {
      nullable: before.nullable && after.nullable,
      first: before.nullable ? before.first.union(after.first) : before.first,
      last: after.nullable ? before.last.union(after.last) : after.last,
    }
  }

  #repeat(node: Extract<RegexNode, { kind: 'repeat' }>): Part {
    const many = node.max === Infinity || (node.max > SMALL_COUNT && node.max > node.min)
    let whole = empty()
    const copies = many ? Math.max(1, Math.min(node.min, 2)) : node.max
    if (many) this.#loops += 1
    for (let copy = 0; copy < copies && !this.refused; copy += 1) {
      const part = this.build(node.body)
      if (many && copy === copies - 1) this.#loop(part)
      whole = this.#join(whole, copy >= node.min ? { ...part, nullable: true } : part)
    }
    if (many) this.#loops -= 1
    return whole
  }

  #loop(part: Part): void {
    this.unbounded = true
    // An empty round is a second way to do the same: engines that backtrack may try both, again and again.
    if (part.nullable) this.refused = true
    for (const end of part.last)
      for (const start of part.first) {
        // A loop in a loop gives the same step twice: as (a+)+ does, which doubles the ways with every character.
        if (this.follow[end]?.has(start) === true) this.refused = true
        this.follow[end]?.add(start)
      }
  }

  /** A look-around costs what its body costs, at every place where it is tried: in a loop it must be short. */
  #look(body: RegexNode): Part {
    this.looks.push(body)
    const inside = new Builder(this.#limit)
    inside.build(body)
    if (inside.refused || inside.refersBack || (inside.unbounded && this.#loops > 0)) this.refused = true
    if (inside.unbounded) this.unbounded = true
    return empty()
  }
}

function empty(): Part {
  return { nullable: true, first: new Set(), last: new Set() }
}

function either(one: Part, other: Part): Part {
  return {
    nullable: one.nullable || other.nullable,
    first: one.first.union(other.first),
    last: one.last.union(other.last),
  }
}

/** One character of each kind that the classes could tell apart, so that two classes overlap when a sample is in both. */
function sampleCharacters(steps: readonly RegexNode[]): readonly string[] {
  const codes = new Set(
    Array.from('\n\r\t aAzZ0959_-.,@é\u00a0²٣中€😀\u0130\u017f', char => char.codePointAt(0) ?? 0),
  )
  const add = (code: number): void => {
    for (const near of [code - 1, code, code + 1]) if (near >= 0 && near <= 0x10ffff) codes.add(near)
  }
  for (const step of steps) {
    if (step.kind === 'char') add(step.code)
    if (step.kind !== 'class') continue
    for (const item of step.items) {
      if (item.kind !== 'range') continue
      add(item.from)
      add(item.to)
    }
  }
  const chars = [...codes].map(code => String.fromCodePoint(code))
  return [...new Set(chars.flatMap(char => [char, char.toLowerCase(), char.toUpperCase()]))].filter(char =>
    new RegExp(`^(?:[${WORD}]|[^])$`, 'u').test(char),
  )
}
