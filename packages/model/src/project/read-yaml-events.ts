// Reads plain YAML fast, by js-yaml's events: what is odd or wrong in a file is left to the slower reader, which says where.

import type { SourcePosition } from '@tabula/protocol'
import {
  type Event,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-node.ts'

/** What an unquoted text means. */
interface PlainScalar {
  readonly value: null | boolean | number | string
  readonly isWholeFloat: boolean
}

/** Unquoted texts whose meaning is kept while a file is read. */
const MOST_KNOWN = 50_000

/** Fills in variables of a plain scalar. */
export type Expand = (text: string, position: SourcePosition) => string

/** Levels of nesting that are followed here; deeper files go to the other reader, which complains. */
const MAX_DEPTH = 90

/**
 * The file's tree, or undefined where the file has what is not read here: faults, tags, aliases, merge keys, several
 * documents, keys that are no text or stand twice. Where it gives a tree, it is the other reader's to the letter.
 */
export function readYamlEvents(text: string, file: string, expand: Expand): YamlNode | undefined {
  let events: Event[]
  try {
    events = parseEvents(text, { maxDepth: MAX_DEPTH })
  } catch {
    return undefined
  }
  let documents = 0
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) documents += 1
    if (isUncommon(event)) return undefined
  }
  if (documents !== 1) return undefined
  return new EventReader(events, text, file, expand).read()
}

function isUncommon(event: Event): boolean {
  if (event.type === EVENT_ID.ALIAS) return true
  if (event.type === EVENT_ID.DOCUMENT) return event.directives.length > 0
  return event.type !== EVENT_ID.POP && event.tagStart >= 0
}

class EventReader {
  /** Those that were read are let go of: a large file has a million of them. */
  readonly #events: (Event | undefined)[]
  readonly #text: string
  readonly #file: string
  readonly #expand: Expand
  /** Offset of each line's first character. */
  readonly #lines: number[] = [0]
  #next = 1 // The first event opens the document.
  /** The line of the place that was asked for last: the next one is seldom far. */
  #line = 0
  #isOdd = false
  /** What unquoted texts mean that were met before; most stand in a file many times, and are kept once. */
  readonly #plain = new Map<string, PlainScalar>()

  constructor(events: (Event | undefined)[], text: string, file: string, expand: Expand) {
    this.#events = events
    this.#text = text
    this.#file = file
    this.#expand = expand
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines.push(at + 1)
  }

  read(): YamlNode | undefined {
    const first = this.#events[this.#next]
    if (first === undefined || first.type === EVENT_ID.POP) return undefined
    const isEmpty = first.type === EVENT_ID.SCALAR && first.valueStart < 0
    const tree = isEmpty ? undefined : this.#node({ file: this.#file, line: 1, column: 1 })
    return this.#isOdd ? undefined : tree
  }

  /** The node that the next event begins; one that is not written stands where `absent` says. */
  #node(absent: SourcePosition): YamlNode {
    const event = this.#events[this.#next]
    this.#events[this.#next] = undefined
    this.#next += 1
    if (event?.type === EVENT_ID.SCALAR) return this.#scalar(event, absent)
    if (event?.type === EVENT_ID.SEQUENCE) return this.#list(event)
    if (event?.type === EVENT_ID.MAPPING) return this.#map(event)
    this.#isOdd = true
    return { kind: 'scalar', value: null, style: 'plain', position: absent }
  }

  #list({ start }: SequenceEvent): YamlNode {
    const position = this.#at(start)
    const items: YamlNode[] = []
    while (this.#isOpen()) items.push(this.#node(position))
    return { kind: 'list', items, position }
  }

  #map({ start }: MappingEvent): YamlNode {
    const position = this.#at(start)
    const entries: YamlEntry[] = []
    const keys = new Set<string>()
    while (this.#isOpen()) {
      const key = this.#node(position)
      const name = key.kind === 'scalar' && key.value !== null ? String(key.value) : null
      if (name === null || keys.has(name) || (name === '<<' && key.kind === 'scalar')) this.#isOdd = true
      keys.add(name ?? '')
      entries.push({ key: name ?? '', keyPosition: key.position, value: this.#node(key.position) })
    }
    return { kind: 'map', entries, position }
  }

  /** Whether the collection goes on; its end is stepped over. */
  #isOpen(): boolean {
    const event = this.#events[this.#next]
    if (event !== undefined && event.type !== EVENT_ID.POP) return !this.#isOdd
    this.#next += 1
    return false
  }

  #scalar(event: ScalarEvent, absent: SourcePosition): YamlScalar {
    const { valueStart, style: written } = event
    if (valueStart < 0) return { kind: 'scalar', value: null, style: 'plain', position: absent }
    const text = getScalarValue(this.#text, event)
    if (written === SCALAR_STYLE.PLAIN) {
      const position = this.#at(valueStart)
      const plain = this.#plainScalar(text)
      if (plain.isWholeFloat)
        return { kind: 'scalar', value: plain.value, isWholeFloat: true, style: 'plain', position }
      const { value } = plain
      const filled = typeof value === 'string' && value.includes('$') ? this.#expand(value, position) : value
      return { kind: 'scalar', value: filled, style: 'plain', position }
    }
    const isBlock = written === SCALAR_STYLE.LITERAL_BLOCK || written === SCALAR_STYLE.FOLDED_BLOCK
    const position = this.#at(isBlock ? this.#headerOf(valueStart) : valueStart - 1)
    return { kind: 'scalar', value: text, style: isBlock ? 'block' : 'quoted', position }
  }

  #plainScalar(text: string): PlainScalar {
    const known = this.#plain.get(text)
    if (known !== undefined) return known
    const value = plainValue(text)
    const plain = { value, isWholeFloat: isWholeFloat(value, text) }
    if (this.#plain.size < MOST_KNOWN) this.#plain.set(text, plain)
    return plain
  }

  /** Where the `|` or `>` of a block stands: at the end of the line before its text. */
  #headerOf(valueStart: number): number {
    const start = this.#lines[this.#lineOf(Math.max(0, valueStart - 1))] ?? 0
    const header = /[|>][-+\d]*[ \t]*(?:[ \t]#.*)?\r?\n?$/.exec(this.#text.slice(start, valueStart))
    if (header === null) this.#isOdd = true
    return start + (header?.index ?? 0)
  }

  #at(offset: number): SourcePosition {
    const line = this.#lineOf(offset)
    return { file: this.#file, line: line + 1, column: offset - (this.#lines[line] ?? 0) + 1 }
  }

  #lineOf(offset: number): number {
    const here = this.#lines[this.#line] ?? 0
    const next = this.#lines[this.#line + 1] ?? Infinity
    if (offset >= here && offset < next) return this.#line
    const after = this.#lines[this.#line + 2] ?? Infinity
    this.#line = offset >= next && offset < after ? this.#line + 1 : this.#search(offset)
    return this.#line
  }

  #search(offset: number): number {
    let low = 0
    let high = this.#lines.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#lines[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** Whether a whole number is written as a float: `5.0`, `1e3`. */
export function isWholeFloat(value: unknown, source: string): boolean {
  return typeof value === 'number' && Number.isInteger(value) && /^[^x]*[.e]/i.test(source)
}

const NUMBER =
  /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/

/** What an unquoted scalar means in YAML 1.2's core schema. */
function plainValue(text: string): null | boolean | number | string {
  if (/^(?:~|[Nn]ull|NULL)?$/.test(text)) return null
  if (/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/.test(text)) return text.startsWith('t') || text.startsWith('T')
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return NaN
  return NUMBER.test(text) ? Number(text) : text
}
