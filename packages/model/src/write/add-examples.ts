// Adds examples to the text of an NLU file, YAML or Markdown, each behind those of its own kind; all else stays as it is.

import { yamlBlock, yamlEntry } from '@tabula/dialogue'
import { markdownLines } from '../ages/markdown-lines.ts'
import { itemsOf, textOf, valueAt, type YamlNode } from '../project/yaml-node.ts'
import { EditedLines, insertEntries, readForEditing } from './insert-entries.ts'
import { escapedLine } from './write-nlu-markdown.ts'

export const NLU_KINDS = ['intent', 'synonym', 'regex', 'lookup'] as const

/** Lines for one item of an NLU file, such as the examples of an intent, annotated. */
export interface NluAddition {
  readonly kind: (typeof NLU_KINDS)[number]
  /** `greet`, or `faq/opening`. */
  readonly name: string
  readonly lines: readonly string[]
}

interface Place {
  /** Number of the line that the new ones come behind. */
  readonly line: number
  readonly write: (example: string) => readonly string[]
}

/** What of the file can be added to, such as `intent greet`. */
export function addableItems(text: string, file: string): ReadonlySet<string> {
  return new Set(placesIn(text, file).keys())
}

/** The text with the examples; what the file has no item for gets one at its end. Throws as insertEntries does. */
export function addExamples(text: string, file: string, additions: readonly NluAddition[]): string {
  const places = placesIn(text, file)
  const lines = new EditedLines(text)
  const known = additions.flatMap(addition => {
    const place = places.get(keyOf(addition.kind, addition.name))
    return place === undefined || !fits(addition, place) ? [] : [{ addition, place }]
  })
  // From the end on, so that the numbers of the lines before stay right.
  for (const { addition, place } of known.toSorted((a, b) => b.place.line - a.place.line))
    lines.insert(place.line, addition.lines.flatMap(place.write))
  const added = known.length === 0 ? text : lines.text
  const rest = additions.filter(each => known.every(({ addition }) => addition !== each))
  if (rest.length === 0) return added
  return isMarkdown(file)
    ? withSections(added, rest)
    : insertEntries(added, file, { key: 'nlu', kind: 'list' }, rest.map(itemLines))
}

function keyOf(kind: string, name: string): string {
  return `${kind} ${name}`
}

function isMarkdown(file: string): boolean {
  return file.endsWith('.md')
}

function placesIn(text: string, file: string): Map<string, Place> {
  return isMarkdown(file) ? markdownPlaces(text, file) : yamlPlaces(text, file)
}

/** A line of a block is an example; one of several lines stands only where each has a `text:` of its own. */
function fits({ lines }: NluAddition, { write }: Place): boolean {
  return lines.every(line => write(line).length > 1 || !isOdd(line))
}

function isOdd(line: string): boolean {
  return /[\r\n]/.test(line) || line !== line.trim()
}

function yamlPlaces(text: string, file: string): Map<string, Place> {
  const root = readForEditing(text, file)
  const lines = new EditedLines(text)
  const places = new Map<string, Place>()
  for (const item of itemsOf(root === null ? undefined : valueAt(root, 'nlu'))) {
    const kind = NLU_KINDS.find(each => valueAt(item, each) !== undefined)
    const name = kind === undefined ? null : textOf(valueAt(item, kind))
    const examples = valueAt(item, 'examples')
    if (kind === undefined || name === null || examples === undefined) continue
    const place = examples.kind === 'list' ? listPlace(examples, lines) : blockPlace(examples, lines)
    if (place !== null) places.set(keyOf(kind, name), place)
  }
  return places
}

/** Behind the last line of a block (`|`) of examples. */
function blockPlace(node: YamlNode, lines: EditedLines): Place | null {
  if (node.kind !== 'scalar' || node.style !== 'block') return null
  const { line, column } = node.position
  const header = lines.at(line).slice(column - 1)
  // Text that is folded has no lines of its own, and one with a depth of its own may begin anywhere.
  if (!/^\|[-+]?\s*(#.*)?$/.test(header)) return null
  let last = line
  let depth: number | null = null
  for (let number = line + 1; number <= lines.count; number += 1) {
    const each = lines.at(number)
    if (each.trim() === '') continue
    const own = each.length - each.trimStart().length
    depth ??= own
    if (own < depth || depth === 0) break
    last = number
  }
  if (last === line || depth === null) return null
  const indent = ' '.repeat(depth)
  return { line: last, write: example => [`${indent}- ${example}`] }
}

/** Behind the last item of a list of examples that each have `text:`. */
function listPlace(node: YamlNode, lines: EditedLines): Place | null {
  if (node.kind !== 'list' || lines.at(node.position.line).charAt(node.position.column - 1) !== '-')
    return null
  const indent = node.position.column - 1
  let last = node.position.line
  for (let number = last + 1; number <= lines.count; number += 1) {
    const each = lines.at(number)
    if (each.trim() === '') continue
    const own = each.length - each.trimStart().length
    if (own < indent || (own === indent && !each.trimStart().startsWith('- text'))) break
    last = number
  }
  return {
    line: last,
    write: example =>
      yamlBlock('text', example).map((line, index) =>
        `${' '.repeat(indent)}${index === 0 ? '- ' : '  '}${line}`.trimEnd(),
      ),
  }
}

function itemLines({ kind, name, lines }: NluAddition): string[] {
  const head = yamlEntry(kind, name)
  if (!lines.some(isOdd))
    return [...head, ...yamlBlock('examples', lines.map(line => `- ${line}\n`).join(''))]
  const items = lines.flatMap(line =>
    yamlBlock('text', line).map((each, index) => (each === '' ? '' : `${index === 0 ? '- ' : '  '}${each}`)),
  )
  return [...head, 'examples:', ...items]
}

function markdownPlaces(text: string, file: string): Map<string, Place> {
  const places = new Map<string, Place>()
  let key: string | null = null
  for (const { text: line, position } of markdownLines(text, file)) {
    const [, kind = '', name = ''] = /^##\s*(.+?):(.+)/.exec(line)?.map(part => part.trim()) ?? []
    if (line.startsWith('#')) key = NLU_KINDS.some(each => each === kind) ? keyOf(kind, name) : null
    else if (key !== null && /^[-*+]/.test(line))
      places.set(key, { line: position.line, write: example => [`- ${escapedLine(example)}`] })
  }
  return places
}

function withSections(text: string, additions: readonly NluAddition[]): string {
  const lines = new EditedLines(text)
  for (const { kind, name, lines: own } of additions)
    lines.insert(lines.count, [
      ...(lines.count === 0 || lines.endsBlank ? [] : ['']),
      `## ${kind}:${name}`,
      ...own.map(line => `- ${escapedLine(line)}`),
    ])
  return lines.text
}
