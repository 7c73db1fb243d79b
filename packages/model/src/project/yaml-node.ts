// YAML as a tree that knows its places: every complaint about a project's file can say line and column.

import {
  type JsonObject,
  type JsonValue,
  type Problem,
  type SourcePosition,
  WholeFloat,
} from '@tabula/protocol'

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | string
  /** Set where the number is whole but written as a float (`5.0`). */
  readonly isWholeFloat?: true
  /** How it stands in the file: a block (`|`, `>`) has its text from the next line on. */
  readonly style: 'plain' | 'quoted' | 'block'
  readonly position: SourcePosition
}
export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly position: SourcePosition
}
export interface YamlEntry {
  readonly key: string
  readonly keyPosition: SourcePosition
  readonly value: YamlNode
}
export interface YamlMap {
  readonly kind: 'map'
  readonly entries: readonly YamlEntry[]
  readonly position: SourcePosition
}
export type YamlNode = YamlScalar | YamlList | YamlMap

/** The value of a map's key, or undefined where the node is no map or has no such key. */
export function valueAt(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryAt(node, key)?.value
}

export function entryAt(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find(entry => entry.key === key) : undefined
}

/** The items of a list; none where the node is something else. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : []
}

/** The text of a scalar, numbers and truth values as written; null for null, maps and lists. */
export function textOf(node: YamlNode | undefined): string | null {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : null
}

/** The node as JSON in which `5.0` is not 5: for values of slots. */
export function toExactJson(node: YamlNode): JsonValue {
  if (node.kind === 'list') return node.items.map(toExactJson)
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(entry => [entry.key, toExactJson(entry.value)]))
  return node.isWholeFloat === true ? new WholeFloat(Number(node.value)) : node.value
}

/** The node as plain JSON. */
export function toJson(node: YamlNode): JsonValue {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(toJson)
  return mapToJson(node)
}

export function mapToJson(node: YamlMap): JsonObject {
  return Object.fromEntries(node.entries.map(entry => [entry.key, toJson(entry.value)]))
}

/** The place of the deepest part of the path that the tree has: of a key where the path ends at one. */
export function positionAt(node: YamlNode, path: readonly (string | number)[]): SourcePosition {
  let position = node.position
  let here: YamlNode = node
  for (const step of path) {
    if (here.kind === 'map') {
      const entry: YamlEntry | undefined = entryAt(here, String(step))
      if (entry === undefined) return position
      position = entry.keyPosition
      here = entry.value
    } else if (here.kind === 'list' && typeof step === 'number') {
      const item: YamlNode | undefined = here.items[step]
      if (item === undefined) return position
      here = item
      position = here.position
    } else return position
  }
  return position
}

/** What a node is, in words, for a complaint about it. */
export function describe(node: YamlNode): string {
  if (node.kind === 'map') return 'a map'
  if (node.kind === 'list') return 'a list'
  return node.value === null ? 'nothing' : `"${String(node.value).slice(0, 60)}"`
}

/** Collects complaints; each reader takes one. */
export class Problems {
  readonly all: Problem[] = []

  error(code: string, position: SourcePosition, message: string, hint?: string): void {
    this.all.push({ severity: 'error', code, message, position, ...(hint === undefined ? {} : { hint }) })
  }

  warn(code: string, position: SourcePosition, message: string, hint?: string): void {
    this.all.push({ severity: 'warning', code, message, position, ...(hint === undefined ? {} : { hint }) })
  }
}
