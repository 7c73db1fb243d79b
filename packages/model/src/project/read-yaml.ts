// Reads YAML 1.2 as Rasa does (yes, no, on, off stay text; `${VAR}` is filled in), into a tree with places.

import type { SourcePosition } from '@tabula/protocol'
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { expandVariables } from './expand-variables.ts'
import { indentContinuations } from './indent-continuations.ts'
import { isWholeFloat, readYamlEvents } from './read-yaml-events.ts'
import { Problems, type YamlEntry, type YamlNode } from './yaml-node.ts'

const MAX_DEPTH = 100
/** Nodes that aliases may stand for in all: a small file must not become a large tree. */
const MAX_COPIES = 100_000

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML does not take tabs.',
  DUPLICATE_KEY: 'Remove one of the two.',
  BAD_INDENT: 'Line it up with its neighbours.',
  TAG_RESOLVE_FAILED: 'Remove the tag: files hold texts, numbers, lists and maps alone.',
  MISSING_CHAR: 'Add it, or put the text in quotes.',
  MULTILINE_IMPLICIT_KEY: 'Is a colon, a quote or a dash missing?',
}

/** The file's tree, null for an empty file or one that cannot be read; complaints go to `problems`. */
export function readYaml(
  text: string,
  file: string,
  problems: Problems,
  environment: Readonly<Record<string, string | undefined>>,
): YamlNode | null {
  const found = new Problems()
  const expand = (plain: string, position: SourcePosition): string =>
    expandPlain(plain, position, found, environment)
  const tree = readYamlEvents(text, file, expand)
  if (tree === undefined) return readOdd(text, file, problems, environment)
  problems.all.push(...found.all)
  return tree
}

/** A file that the fast reader passes on. Where lines of quoted texts or brackets stand too far left, it is read as Rasa's reader reads it. */
function readOdd(
  text: string,
  file: string,
  problems: Problems,
  environment: Readonly<Record<string, string | undefined>>,
): YamlNode | null {
  const found = new Problems()
  const tree = readYamlDocument(text, file, found, environment)
  const indented = found.all.some(({ code }) => code.startsWith('yaml.')) ? indentContinuations(text) : text
  if (indented !== text) {
    const again = new Problems()
    const other = readYamlDocument(indented, file, again, environment)
    if (again.all.length === 0) return other
  }
  problems.all.push(...found.all)
  return tree
}

/** The same by the reader that knows all of YAML and the place of each fault, at ten times the cost. */
export function readYamlDocument(
  text: string,
  file: string,
  problems: Problems,
  environment: Readonly<Record<string, string | undefined>>,
): YamlNode | null {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    version: '1.2',
    prettyErrors: false,
  })
  const at = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  // The library goes on with a warning where a tag stands for a type that it does not know; Rasa refuses the file.
  const unknownTags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
  for (const error of [...document.errors, ...unknownTags])
    problems.error(
      `yaml.${error.code.toLowerCase().replaceAll('_', '-')}`,
      at(error.pos[0]),
      `${error.message}.`.replace(/\.\.$/, '.'),
      HINTS[error.code],
    )
  if (document.errors.length + unknownTags.length > 0 || document.contents === null) return null
  const tree = new TreeBuilder(document, at, problems, environment)
  return tree.build(document.contents, 0)
}

class TreeBuilder {
  readonly #document: Document
  readonly #at: (offset: number) => SourcePosition
  readonly #problems: Problems
  readonly #environment: Readonly<Record<string, string | undefined>>
  readonly #targets = new Map<Alias, Node | undefined>()
  #following = 0
  #copies = 0
  /** A bound was passed: it is told once, and nothing more is built. */
  #isOver = false

  constructor(
    document: Document,
    at: (offset: number) => SourcePosition,
    problems: Problems,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.#document = document
    this.#at = at
    this.#problems = problems
    this.#environment = environment
  }

  build(node: unknown, depth: number): YamlNode | null {
    if (this.#isOver) return null
    const position = this.#at(startOf(node))
    if (depth > MAX_DEPTH) return this.#stop('too-deep', position, `More than ${MAX_DEPTH} levels.`)
    if (this.#following > 0 && !this.#copy(1))
      return this.#stop('too-many-aliases', position, 'The aliases stand for too much.')
    if (isAlias(node)) return this.#follow(node, depth)
    if (isScalar(node))
      return {
        kind: 'scalar',
        value: this.#scalar(node, position),
        ...(isWholeFloat(node.value, node.source ?? '') ? { isWholeFloat: true } : {}),
        style: styleOf(node),
        position,
      }
    if (isSeq(node))
      return {
        kind: 'list',
        items: node.items.map(item =>
          isAbsent(item) ? nothing(position) : (this.build(item, depth + 1) ?? nothing(position)),
        ),
        position,
      }
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node, depth), position }
    return nothing(position)
  }

  #stop(code: string, position: SourcePosition, message: string): null {
    this.#isOver = true
    this.#problems.error(`yaml.${code}`, position, message)
    return null
  }

  /** Counts what aliases stand for; false beyond the bound. */
  #copy(nodes: number): boolean {
    this.#copies += nodes
    return this.#copies <= MAX_COPIES
  }

  #follow(alias: Alias, depth: number): YamlNode | null {
    this.#following += 1
    // The library looks through the document for each alias; each is looked for once.
    if (!this.#targets.has(alias)) this.#targets.set(alias, alias.resolve(this.#document))
    const built = this.build(this.#targets.get(alias), depth + 1)
    this.#following -= 1
    return built
  }

  /** The map's own entries, then what merge keys (`<<`) add to them. */
  #entries(map: YAMLMap, depth: number): YamlEntry[] {
    const entries: YamlEntry[] = []
    const merged: YamlEntry[] = []
    for (const { key, value } of map.items) {
      const keyPosition = this.#at(startOf(key))
      const built = this.build(value, depth + 1) ?? nothing(keyPosition)
      if (isScalar(key) && typeof key.value === 'symbol') {
        for (const other of built.kind === 'list' ? built.items : [built])
          if (other.kind === 'map') merged.push(...other.entries)
        continue
      }
      const name = isScalar(key) ? this.#scalar(key, keyPosition) : null
      entries.push({
        key: name === null ? '' : String(name),
        keyPosition,
        value: isAbsent(value) ? nothing(keyPosition) : built,
      })
    }
    if (merged.length === 0) return entries
    if (!this.#copy(merged.length)) {
      this.#stop('too-many-aliases', this.#at(startOf(map)), 'The merge keys stand for too much.')
      return entries
    }
    const names = new Set(entries.map(({ key }) => key))
    for (const entry of merged) {
      if (names.has(entry.key)) continue
      names.add(entry.key)
      entries.push(entry)
    }
    return entries
  }

  #scalar(node: Scalar, position: SourcePosition): null | boolean | number | string {
    const { value } = node
    if (typeof value === 'string')
      return node.type === 'PLAIN' ? expandPlain(value, position, this.#problems, this.#environment) : value
    if (typeof value === 'boolean' || typeof value === 'number') return value
    return typeof value === 'bigint' ? Number(value) : null
  }
}

function expandPlain(
  text: string,
  position: SourcePosition,
  problems: Problems,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return expandVariables(text, environment, message => {
    problems.error('yaml.variable', position, message, 'Set the variable, or put the text in quotes.')
  })
}

function nothing(position: SourcePosition): YamlNode {
  return { kind: 'scalar', value: null, style: 'plain', position }
}

/** A value that is not written stands where its key or list does. */
function isAbsent(node: unknown): boolean {
  if (node === null || node === undefined) return true
  return isScalar(node) && node.source === '' && node.type === 'PLAIN'
}

function startOf(node: unknown): number {
  const range = (node as { range?: readonly number[] | null } | null)?.range
  return range?.[0] ?? 0
}

function styleOf(node: Scalar): 'plain' | 'quoted' | 'block' {
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return 'block'
  return node.type === 'PLAIN' ? 'plain' : 'quoted'
}
