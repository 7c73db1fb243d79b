// Reads YAML 1.2 as Rasa does (yes, no, on, off stay text; `${VAR}` is filled in), into a tree with places.

import type { SourcePosition } from '@tabula/protocol'
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from 'yaml'
import { expandVariables } from './expand-variables.ts'
import type { Problems, YamlEntry, YamlNode } from './yaml-node.ts'

const MAX_DEPTH = 100
const MAX_ALIASES = 100

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML does not take tabs.',
  DUPLICATE_KEY: 'Remove one of the two.',
  BAD_INDENT: 'Line it up with its neighbours.',
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
  for (const error of document.errors)
    problems.error(
      `yaml.${error.code.toLowerCase().replaceAll('_', '-')}`,
      at(error.pos[0]),
      `${error.message}.`.replace(/\.\.$/, '.'),
      HINTS[error.code],
    )
  if (document.errors.length > 0 || document.contents === null) return null
  const tree = new TreeBuilder(document, at, problems, environment)
  return tree.build(document.contents, 0)
}

class TreeBuilder {
  readonly #document: Document
  readonly #at: (offset: number) => SourcePosition
  readonly #problems: Problems
  readonly #environment: Readonly<Record<string, string | undefined>>
  #aliases = 0

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
    const position = this.#at(startOf(node))
    if (depth > MAX_DEPTH) {
      this.#problems.error('yaml.too-deep', position, `More than ${MAX_DEPTH} levels.`)
      return null
    }
    if (isAlias(node)) return this.#follow(node.resolve(this.#document), position, depth)
    if (isScalar(node))
      return { kind: 'scalar', value: this.#scalar(node, position), style: styleOf(node), position }
    if (isSeq(node))
      return {
        kind: 'list',
        items: node.items.map(item => this.build(item, depth + 1) ?? nothing(position)),
        position,
      }
    if (isMap(node))
      return {
        kind: 'map',
        entries: node.items.flatMap(pair => this.#entries(pair.key, pair.value, depth)),
        position,
      }
    return nothing(position)
  }

  #follow(target: Node | undefined, position: SourcePosition, depth: number): YamlNode | null {
    this.#aliases += 1
    if (this.#aliases > MAX_ALIASES) {
      if (this.#aliases === MAX_ALIASES + 1)
        this.#problems.error('yaml.too-many-aliases', position, `More than ${MAX_ALIASES} aliases.`)
      return null
    }
    return this.build(target, depth + 1)
  }

  /** One entry; those of the other map for a merge key (`<<`). */
  #entries(key: unknown, value: unknown, depth: number): YamlEntry[] {
    const keyPosition = this.#at(startOf(key))
    const name = isScalar(key) ? this.#scalar(key, keyPosition) : null
    const built = this.build(value ?? key, depth + 1)
    if (name === '<<' && built?.kind === 'map') return [...built.entries]
    return [
      {
        key: name === null ? '' : String(name),
        keyPosition,
        value: value === null || value === undefined ? nothing(keyPosition) : (built ?? nothing(keyPosition)),
      },
    ]
  }

  #scalar(node: Scalar, position: SourcePosition): null | boolean | number | string {
    const { value } = node
    if (typeof value === 'string')
      return node.type === 'PLAIN'
        ? expandVariables(value, this.#environment, message => {
            this.#problems.error(
              'yaml.variable',
              position,
              message,
              'Set the variable, or put the text in quotes.',
            )
          })
        : value
    if (typeof value === 'boolean' || typeof value === 'number') return value
    return typeof value === 'bigint' ? Number(value) : null
  }
}

function nothing(position: SourcePosition): YamlNode {
  return { kind: 'scalar', value: null, style: 'plain', position }
}

function startOf(node: unknown): number {
  const range = (node as { range?: readonly number[] | null } | null)?.range
  return range?.[0] ?? 0
}

function styleOf(node: Scalar): 'plain' | 'quoted' | 'block' {
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return 'block'
  return node.type === 'PLAIN' ? 'plain' : 'quoted'
}
