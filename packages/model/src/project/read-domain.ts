// The domain from one file or many: each read with its places, then merged as Rasa merges (the first file wins).

import { checkDomain } from '@tabula/dialogue'
import type { DomainJson, JsonObject, JsonValue, SourcePosition } from '@tabula/protocol'
import { acceptsVersion } from './training-version.ts'
import {
  describe,
  entryAt,
  itemsOf,
  mapToJson,
  positionAt,
  type Problems,
  textOf,
  toExactJson,
  toJson,
  valueAt,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from './yaml-node.ts'

const LISTS = ['intents', 'entities', 'actions', 'e2e_actions'] as const
const MAPS = ['slots', 'responses', 'forms'] as const

/** Keys of which at least one makes a YAML file a domain file. */
export const DOMAIN_KEYS: readonly string[] = [...LISTS, ...MAPS, 'session_config', 'config']

export interface ReadDomain {
  readonly json: DomainJson
  /** Where a part of the domain is written; items of lists may be named. null where nothing was read. */
  place(path: readonly (string | number)[]): SourcePosition | null
}

/** The merged domain; complaints about its content say file and line. */
export function readDomain(roots: readonly YamlNode[], problems: Problems): ReadDomain {
  return domainOf(mergeDomains(roots, problems), problems)
}

/** The files' trees as one; null where no file has a domain. */
export function mergeDomains(roots: readonly YamlNode[], problems: Problems): YamlMap | null {
  const maps = roots
    .filter((root): root is YamlMap => root.kind === 'map' && acceptsVersion(root, problems))
    .map(withShortTypes)
  return maps.reduce<YamlMap | null>(
    (first, next) => (first === null ? next : merge(first, next, problems)),
    null,
  )
}

/** Rasa names a slot's type by its class where it writes a domain itself: `rasa.shared.core.slots.TextSlot` is `text`. */
const CLASS_PATH =
  /^rasa(?:_core|\.core|\.shared\.core)\.slots\.(Text|Boolean|Float|List|Categorical|Any|Unfeaturized)Slot$/

function withShortTypes(root: YamlMap): YamlMap {
  return withEntry(root, 'slots', slots =>
    slots.kind !== 'map'
      ? slots
      : {
          ...slots,
          entries: slots.entries.map(entry => ({ ...entry, value: withShortType(entry.value) })),
        },
  )
}

function withShortType(slot: YamlNode): YamlNode {
  return slot.kind !== 'map'
    ? slot
    : withEntry(slot, 'type', type => {
        const name = CLASS_PATH.exec(textOf(type) ?? '')?.[1]
          ?.toLowerCase()
          .replace('boolean', 'bool')
        return name === undefined || type.kind !== 'scalar' ? type : { ...type, value: name }
      })
}

/** The map with another value under the key, where it has it. */
function withEntry(map: YamlMap, key: string, change: (value: YamlNode) => YamlNode): YamlMap {
  return {
    ...map,
    entries: map.entries.map(entry => (entry.key === key ? { ...entry, value: change(entry.value) } : entry)),
  }
}

/** The domain of a merged tree. */
export function domainOf(merged: YamlMap | null, problems: Problems): ReadDomain {
  if (merged === null) return { json: {}, place: () => null }
  const place = (path: readonly (string | number)[]): SourcePosition =>
    positionAt(merged, numbered(merged, path))
  if (!hasRightShapes(merged, problems)) return { json: {}, place }
  const json = { ...mapToJson(merged), ...exactSlots(merged) } as DomainJson
  for (const problem of checkDomain(json)) {
    const { path = [], ...rest } = problem
    problems.all.push({ ...rest, position: positionAt(merged, path) })
  }
  return { json, place }
}

/** The slots with their values exactly as written: an initial value of `5.0` is told as such. */
function exactSlots(root: YamlMap): JsonObject {
  const slots = valueAt(root, 'slots')
  if (slots?.kind !== 'map') return {}
  const exact = (slot: YamlNode): JsonValue =>
    slot.kind !== 'map'
      ? toJson(slot)
      : Object.fromEntries(
          slot.entries.map(({ key, value }) => [
            key,
            MAY_BE_ANYTHING.has(key) ? toExactJson(value) : toJson(value),
          ]),
        )
  return { slots: Object.fromEntries(slots.entries.map(({ key, value }) => [key, exact(value)])) }
}

const MAY_BE_ANYTHING: ReadonlySet<string> = new Set(['initial_value', 'values', 'mappings'])

/** The path with the number of a section's item in place of its name. */
function numbered(root: YamlMap, path: readonly (string | number)[]): readonly (string | number)[] {
  const [section, name, ...rest] = path
  if (typeof section !== 'string' || typeof name !== 'string') return path
  const items = itemsOf(valueAt(root, section))
  const index = items.findIndex(item => nameOf(item) === name)
  return index < 0 ? path : [section, index, ...rest]
}

/** Whether every section is a list or a map as it must be. */
function hasRightShapes(root: YamlMap, problems: Problems): boolean {
  let right = true
  const hold = (key: string, kind: 'list' | 'map', example: string): void => {
    const entry = entryAt(root, key)
    if (
      entry === undefined ||
      entry.value.kind === kind ||
      (entry.value.kind === 'scalar' && entry.value.value === null)
    )
      return
    right = false
    problems.error(
      'domain.shape',
      entry.value.position,
      `Under ${key} stands ${describe(entry.value)}.`,
      `Write ${example}.`,
    )
  }
  for (const key of LISTS) hold(key, 'list', `a list of items such as \`- name\``)
  for (const key of MAPS) hold(key, 'map', `a map: \`name:\` and what belongs to it below`)
  hold('session_config', 'map', '`session_expiration_time:` below it')
  for (const entry of entryAt(root, 'slots')?.value.kind === 'map'
    ? (entryAt(root, 'slots')?.value as YamlMap).entries
    : [])
    if (entry.value.kind !== 'map') {
      right = false
      problems.error(
        'domain.shape',
        entry.keyPosition,
        `The slot '${entry.key}' is ${describe(entry.value)}.`,
        'Write `type:` and `mappings:` below it.',
      )
    }
  return right
}

function merge(first: YamlMap, next: YamlMap, problems: Problems): YamlMap {
  const entries: YamlEntry[] = first.entries.filter(entry => !known(entry.key))
  for (const entry of next.entries)
    if (!known(entry.key) && !entries.some(each => each.key === entry.key)) entries.push(entry)
  for (const key of LISTS) push(entries, mergeLists(key, entryAt(first, key), entryAt(next, key), problems))
  for (const key of MAPS) push(entries, mergeMaps(key, entryAt(first, key), entryAt(next, key), problems))
  return { kind: 'map', entries, position: first.position }
}

function known(key: string): boolean {
  return (LISTS as readonly string[]).includes(key) || (MAPS as readonly string[]).includes(key)
}

function push(entries: YamlEntry[], entry: YamlEntry | undefined): void {
  if (entry !== undefined) entries.push(entry)
}

function mergeLists(
  section: string,
  first: YamlEntry | undefined,
  next: YamlEntry | undefined,
  problems: Problems,
): YamlEntry | undefined {
  if (first?.value.kind !== 'list' || next?.value.kind !== 'list')
    return first?.value.kind === 'list' ? first : (next ?? first)
  const seen = new Set(first.value.items.map(nameOf))
  const added = next.value.items.filter(item => {
    if (!seen.has(nameOf(item))) return true
    warnTwice(section, nameOf(item), item, problems)
    return false
  })
  return { ...first, value: { ...first.value, items: [...first.value.items, ...added] } }
}

function mergeMaps(
  section: string,
  first: YamlEntry | undefined,
  next: YamlEntry | undefined,
  problems: Problems,
): YamlEntry | undefined {
  if (first?.value.kind !== 'map' || next?.value.kind !== 'map')
    return first?.value.kind === 'map' ? first : (next ?? first)
  const seen = new Set(first.value.entries.map(entry => entry.key))
  const added = next.value.entries.filter(entry => {
    if (!seen.has(entry.key)) return true
    warnTwice(section, entry.key, { ...entry.value, position: entry.keyPosition }, problems)
    return false
  })
  return { ...first, value: { ...first.value, entries: [...first.value.entries, ...added] } }
}

function nameOf(item: YamlNode): string {
  return item.kind === 'map' ? (item.entries[0]?.key ?? '') : (textOf(item) ?? '')
}

function warnTwice(section: string, name: string, node: YamlNode, problems: Problems): void {
  problems.warn(
    'domain.twice',
    node.position,
    `'${name}' stands under ${section} of more than one file; the first is taken.`,
  )
}
