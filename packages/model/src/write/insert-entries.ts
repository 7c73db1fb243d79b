// Puts entries below a top-level key of a YAML file and leaves every other character as it is: comments, order, quotes.

import { CodedError, ProjectError } from '@tabula/protocol'
import { readYaml } from '../project/read-yaml.ts'
import {
  entryAt,
  Problems,
  toJson,
  type YamlList,
  type YamlMap,
  type YamlNode,
} from '../project/yaml-node.ts'

/** One item of a list (without its dash) or one entry of a map, as lines without indentation of their own. */
export type EntryLines = readonly string[]

/**
 * The file's text with the entries at the end of the section; the section is made where it is missing. Throws ProjectError
 * for a file that cannot be read, and CodedError `file.shape` where the section is something else.
 */
export function insertEntries(
  text: string,
  file: string,
  section: { readonly key: string; readonly kind: 'list' | 'map' },
  entries: readonly EntryLines[],
): string {
  if (entries.length === 0) return text
  const root = readForEditing(text, file)
  const { key, kind } = section
  const lines = new EditedLines(text)
  if (root !== null && root.kind !== 'map') throw wrongShape(file, key, kind)
  const entry = root === null ? undefined : entryAt(root, key)
  if (entry === undefined) {
    const head = text.trim() === '' ? ['version: "3.1"'] : []
    const gap = head.length > 0 || !lines.endsBlank ? [''] : []
    lines.insert(lines.count, [...head, ...gap, `${key}:`, ...laidOut(entries, kind, 0, false)])
    return lines.text
  }
  const { value, keyPosition } = entry
  if (value.kind === 'scalar' && value.value === null) {
    if (!/:\s*(#.*)?\r?$/.test(lines.at(keyPosition.line))) throw wrongShape(file, key, kind)
    lines.insert(keyPosition.line, laidOut(entries, kind, 0, false))
    return lines.text
  }
  if (value.kind !== kind) throw wrongShape(file, key, kind)
  if (/[[{]/.test(lines.at(value.position.line).charAt(value.position.column - 1)))
    return insertFlow(text, value, entries)
  const places = value.kind === 'list' ? value.items.map(each => each.position) : placesOf(value)
  const last = places.at(-1)?.line ?? keyPosition.line
  const indent = value.position.column - 1
  const isSpaced = places.length > 1 && lines.at(last - 1).trim() === ''
  lines.insert(endOfSection(root, keyPosition.line, lines), laidOut(entries, kind, indent, isSpaced))
  return lines.text
}

/** The file's tree; null for an empty file. Throws ProjectError with what keeps it from being read. */
export function readForEditing(text: string, file: string): YamlNode | null {
  const problems = new Problems()
  const root = readYaml(text, file, problems, {})
  const faults = problems.all.filter(({ code }) => code !== 'yaml.variable')
  if (faults.some(({ severity }) => severity === 'error')) throw new ProjectError(faults)
  return root
}

/** The lines of a file, numbered from 1, to which lines are added; its line ends are kept. */
export class EditedLines {
  readonly #lines: string[]
  readonly #end: string

  constructor(text: string) {
    this.#lines = text.split('\n')
    this.#end = text.includes('\r\n') ? '\r' : ''
    if (this.#lines.at(-1) === '') this.#lines.pop()
    else if (!this.#lines.at(-1)?.endsWith('\r')) this.#lines.push(`${this.#lines.pop() ?? ''}${this.#end}`)
  }

  get count(): number {
    return this.#lines.length
  }

  get endsBlank(): boolean {
    return (this.#lines.at(-1) ?? '').trim() === ''
  }

  get text(): string {
    return this.#lines.map(line => `${line}\n`).join('')
  }

  at(line: number): string {
    return this.#lines[line - 1] ?? ''
  }

  /** Adds the lines behind so many. */
  insert(behind: number, lines: readonly string[]): void {
    this.#lines.splice(behind, 0, ...lines.map(line => `${line}${this.#end}`))
  }
}

/** The line that the section ends with; blank lines and comments before the next key are that key's. */
function endOfSection(root: YamlNode | null, line: number, lines: EditedLines): number {
  const keys = root?.kind === 'map' ? root.entries.map(each => each.keyPosition.line) : []
  const next = Math.min(lines.count + 1, ...keys.filter(each => each > line))
  let last = next - 1
  while (last > line && /^(\s*|#.*)$/.test(lines.at(last))) last -= 1
  return last
}

function laidOut(
  entries: readonly EntryLines[],
  kind: 'list' | 'map',
  listIndent: number,
  isSpaced: boolean,
): string[] {
  const indent = ' '.repeat(kind === 'map' ? Math.max(2, listIndent) : listIndent)
  return entries.flatMap(entry => [
    ...(isSpaced ? [''] : []),
    ...entry.map((line, index) => {
      if (line === '') return ''
      return kind === 'map' ? `${indent}${line}` : `${indent}${index === 0 ? '- ' : '  '}${line}`
    }),
  ])
}

/** Into `[...]` or `{...}`, at its beginning. */
function insertFlow(text: string, value: YamlList | YamlMap, entries: readonly EntryLines[]): string {
  const { line, column } = value.position
  const start = text.split('\n', line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column
  const isEmpty = (value.kind === 'list' ? value.items : value.entries).length === 0
  const written = entries.map(entry => {
    const node = readForEditing(entry.join('\n'), value.position.file)
    const json = JSON.stringify(node === null ? null : toJson(node))
    if (value.kind === 'map') return json.slice(1, -1)
    return /^"[\w-]+"$/.test(json) ? json.slice(1, -1) : json
  })
  return `${text.slice(0, start)}${written.join(', ')}${isEmpty ? '' : ', '}${text.slice(start)}`
}

function placesOf(map: YamlMap): YamlMap['position'][] {
  return map.entries.map(each => each.keyPosition)
}

function wrongShape(file: string, key: string, kind: 'list' | 'map'): CodedError {
  return new CodedError(
    'file.shape',
    `Nothing can be added to ${key} of ${file}: it should be a ${kind}, written line by line.`,
    { status: 400 },
  )
}
