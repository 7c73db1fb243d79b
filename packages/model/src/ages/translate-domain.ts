// Domains of Rasa 1 and 2 as Rasa 3 has them: templates, lists of forms, slots without mappings, mappings below forms, triggers.

import type { SourcePosition } from '@tabula/protocol'
import {
  entryAt,
  itemsOf,
  textOf,
  toJson,
  valueAt,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../project/yaml-node.ts'

/** What was written otherwise, one sentence each, with its place. */
export interface Note {
  readonly message: string
  readonly position: SourcePosition
}

export interface TranslatedDomain {
  readonly tree: YamlMap
  readonly notes: readonly Note[]
  /** Actions by the intents that trigger them (MappingPolicy), with their places. */
  readonly triggers: ReadonlyMap<string, { readonly action: string; readonly position: SourcePosition }>
}

/** Names of actions that have changed since. */
const RENAMED: Readonly<Record<string, string>> = { action_deactivate_form: 'action_deactivate_loop' }

/** The merged domain in the shape of Rasa 3. What is in that shape already stays as it is. */
export function translateDomain(domain: YamlMap, age: '1' | '2'): TranslatedDomain {
  const notes: Note[] = []
  const note = (position: SourcePosition, message: string): void => {
    notes.push({ message, position })
  }
  const triggers = new Map<string, { action: string; position: SourcePosition }>()
  let tree = withoutTemplates(domain, note)
  tree = withoutTriggers(tree, age, triggers, note)
  const forms = translateForms(tree, age, note)
  tree = translateSlots(forms.tree, forms.mappings, note)
  return { tree: renameActions(tree), notes, triggers }
}

type Say = (position: SourcePosition, message: string) => void

function withEntry(map: YamlMap, entry: YamlEntry): YamlMap {
  const isKnown = map.entries.some(({ key }) => key === entry.key)
  const entries = isKnown
    ? map.entries.map(each => (each.key === entry.key ? entry : each))
    : [...map.entries, entry]
  return { ...map, entries }
}

export function scalar(value: string | boolean | null, position: SourcePosition): YamlNode {
  return { kind: 'scalar', value, style: 'plain', position }
}

export function list(items: readonly YamlNode[], position: SourcePosition): YamlNode {
  return { kind: 'list', items, position }
}

export function map(values: Readonly<Record<string, YamlNode>>, position: SourcePosition): YamlMap {
  const entries = Object.entries(values).map(([key, value]) => ({ key, keyPosition: position, value }))
  return { kind: 'map', entries, position }
}

function withoutTemplates(domain: YamlMap, note: Say): YamlMap {
  const templates = entryAt(domain, 'templates')
  if (templates === undefined) return domain
  note(templates.keyPosition, 'templates are called responses now.')
  const rest = { ...domain, entries: domain.entries.filter(({ key }) => key !== 'templates') }
  const known = entryAt(rest, 'responses')
  const old = translateTemplates(templates.value)
  if (known?.value.kind !== 'map' || old.kind !== 'map')
    return withEntry(rest, { ...templates, key: 'responses', value: old })
  const own = known.value
  const added = old.entries.filter(({ key }) => !own.entries.some(each => each.key === key))
  return withEntry(rest, { ...known, value: { ...own, entries: [...own.entries, ...added] } })
}

/** A variation was also written as its text alone, and custom payloads without their key. */
function translateTemplates(templates: YamlNode): YamlNode {
  if (templates.kind !== 'map') return templates
  return {
    ...templates,
    entries: templates.entries.map(entry => {
      const { value } = entry
      const items =
        value.kind === 'list' ? value.items : value.kind === 'scalar' && value.value !== null ? [value] : null
      if (items === null) return entry
      const variations = items.map(item =>
        item.kind === 'scalar' ? map({ text: item }, item.position) : item,
      )
      return { ...entry, value: list(variations, value.position) }
    }),
  }
}

function withoutTriggers(
  domain: YamlMap,
  age: '1' | '2',
  triggers: Map<string, { action: string; position: SourcePosition }>,
  note: Say,
): YamlMap {
  const intents = entryAt(domain, 'intents')
  if (intents?.value.kind !== 'list') return domain
  const items = intents.value.items.map(item => {
    const named = item.kind === 'map' ? item.entries[0] : undefined
    if (item.kind !== 'map' || named === undefined) return item
    const { key, keyPosition, value } = named
    const trigger = entryAt(value, 'triggers')
    if (value.kind === 'map' && trigger !== undefined) {
      const action = textOf(trigger.value) ?? ''
      triggers.set(key, { action, position: trigger.keyPosition })
    }
    const kept = value.kind === 'map' ? value.entries.filter(each => each.key !== 'triggers') : []
    // An intent without options was also written with a colon, in Rasa 1.
    if (kept.length === 0 && (trigger !== undefined || age === '1')) return scalar(key, keyPosition)
    return { ...item, entries: [{ ...named, value: { ...value, entries: kept } as YamlMap }] }
  })
  if (triggers.size > 0)
    note(intents.keyPosition, `triggers of intents are rules now: ${[...triggers.keys()].join(', ')}.`)
  return withEntry(domain, { ...intents, value: { ...intents.value, items } })
}

/** Mappings that forms had, by slot, in the forms' order. */
type Mappings = Map<string, { readonly form: string; readonly mapping: YamlMap }[]>

function translateForms(domain: YamlMap, age: '1' | '2', note: Say): { tree: YamlMap; mappings: Mappings } {
  const mappings: Mappings = new Map()
  const forms = entryAt(domain, 'forms')
  if (forms === undefined) return { tree: domain, mappings }
  if (forms.value.kind === 'list') return { tree: formsOfList(domain, forms, age, note), mappings }
  if (forms.value.kind !== 'map') return { tree: domain, mappings }
  const entries = forms.value.entries.map(entry => ({ ...entry, value: translateForm(entry, mappings) }))
  if (mappings.size > 0)
    note(
      forms.keyPosition,
      `mappings of forms stand at their slots now, with the form as condition: ${[...mappings.keys()].join(', ')}.`,
    )
  return { tree: withEntry(domain, { ...forms, value: { ...forms.value, entries } }), mappings }
}

/** In Rasa 1 the action server runs a form whole: it stays an action, and is a form besides. */
function formsOfList(domain: YamlMap, forms: YamlEntry, age: '1' | '2', note: Say): YamlMap {
  const names = itemsOf(forms.value).flatMap(item => {
    const name = item.kind === 'map' ? item.entries[0]?.key : textOf(item)
    return name === undefined || name === null ? [] : [{ name, position: item.position }]
  })
  const entries = names.map(({ name, position }): YamlEntry => ({
    key: name,
    keyPosition: position,
    value: map({ required_slots: list([], position) }, position),
  }))
  const tree = withEntry(domain, {
    ...forms,
    value: { kind: 'map', entries, position: forms.value.position },
  })
  note(
    forms.keyPosition,
    age === '1'
      ? `the forms are run by the action server, as in Rasa 1: ${names.map(({ name }) => name).join(', ')}.`
      : 'the list of forms is a map now.',
  )
  if (age !== '1') return tree
  const actions = entryAt(domain, 'actions')
  const known = new Set(itemsOf(actions?.value).map(textOf))
  const added = names
    .filter(({ name }) => !known.has(name))
    .map(({ name, position }) => scalar(name, position))
  return withEntry(tree, {
    key: 'actions',
    keyPosition: actions?.keyPosition ?? forms.keyPosition,
    value: list([...itemsOf(actions?.value), ...added], actions?.value.position ?? forms.keyPosition),
  })
}

function translateForm({ key: form, value, keyPosition }: YamlEntry, mappings: Mappings): YamlNode {
  const required = entryAt(value, 'required_slots')
  const ignored = entryAt(value, 'ignored_intents')
  const slots = required === undefined ? value : required.value
  if (value.kind !== 'map' || (value.entries.length === 0 && required === undefined))
    return map({ required_slots: list([], keyPosition) }, keyPosition)
  if (slots.kind !== 'map') return value
  const named =
    required === undefined ? slots.entries.filter(({ key }) => key !== 'ignored_intents') : slots.entries
  for (const { key: slot, value: given } of named) {
    const known = mappings.get(slot) ?? []
    mappings.set(slot, known)
    for (const mapping of itemsOf(given)) if (mapping.kind === 'map') known.push({ form, mapping })
  }
  const names = named.map(({ key, keyPosition: position }) => scalar(key, position))
  const entries: YamlEntry[] = [
    ...(ignored === undefined ? [] : [ignored]),
    { key: 'required_slots', keyPosition, value: list(names, slots.position) },
  ]
  return { kind: 'map', entries, position: value.position }
}

function translateSlots(domain: YamlMap, mappings: Mappings, note: Say): YamlMap {
  const slots = entryAt(domain, 'slots')
  const entities = new Set(
    itemsOf(valueAt(domain, 'entities')).map(item =>
      item.kind === 'map' ? item.entries[0]?.key : textOf(item),
    ),
  )
  const position = slots?.value.position ?? domain.position
  const written = slots?.value.kind === 'map' ? slots.value.entries : []
  const missing = [...mappings.keys()].filter(name => !written.some(({ key }) => key === name))
  if (written.length === 0 && missing.length === 0) return domain
  const filled: string[] = []
  const entries = written.map(entry => translateSlot(entry, entities, mappings.get(entry.key) ?? [], filled))
  const added = missing.map((name): YamlEntry => {
    const bare = { key: name, keyPosition: position, value: map({ type: scalar('any', position) }, position) }
    return translateSlot(bare, new Set(), mappings.get(name) ?? [], filled)
  })
  if (filled.length > 0)
    note(
      position,
      `slots that entities of their name fill have a mapping that says so: ${filled.join(', ')}.`,
    )
  return withEntry(domain, {
    key: 'slots',
    keyPosition: slots?.keyPosition ?? position,
    value: { kind: 'map', entries: [...entries, ...added], position },
  })
}

function translateSlot(
  entry: YamlEntry,
  entities: ReadonlySet<string | null | undefined>,
  ofForms: readonly { readonly form: string; readonly mapping: YamlMap }[],
  filled: string[],
): YamlEntry {
  const { key, keyPosition, value } = entry
  if (value.kind !== 'map') return entry
  const own = itemsOf(valueAt(value, 'mappings'))
  const isWritten = entryAt(value, 'mappings') !== undefined
  const conditioned = ofForms.map(({ form, mapping }) => withCondition(mapping, form, key))
  const joined = joinSame(conditioned)
  const autoFill = valueAt(value, 'auto_fill')
  const isFilled = autoFill?.kind !== 'scalar' || autoFill.value !== false
  const all = [...own, ...joined]
  if (!isWritten && entities.has(key) && isFilled && key !== 'requested_slot') {
    filled.push(key)
    all.push(map({ type: scalar('from_entity', keyPosition), entity: scalar(key, keyPosition) }, keyPosition))
  }
  if (all.length === 0 && !isWritten) all.push(map({ type: scalar('custom', keyPosition) }, keyPosition))
  const kept = value.entries
    .filter(each => each.key !== 'auto_fill' && each.key !== 'mappings')
    .map(translateType)
  const isUnfeaturized = textOf(valueAt(value, 'type')) === 'unfeaturized'
  const quiet: YamlEntry[] =
    isUnfeaturized && entryAt(value, 'influence_conversation') === undefined
      ? [{ key: 'influence_conversation', keyPosition, value: scalar(false, keyPosition) }]
      : []
  const mappingsEntry: YamlEntry = { key: 'mappings', keyPosition, value: list(all, keyPosition) }
  return { ...entry, value: { ...value, entries: [...kept, ...quiet, mappingsEntry] } }
}

function translateType(entry: YamlEntry): YamlEntry {
  const isOld = entry.key === 'type' && textOf(entry.value) === 'unfeaturized'
  return isOld ? { ...entry, value: scalar('any', entry.value.position) } : entry
}

/** A form filled from words and intents only the slot that it had asked for. */
function withCondition(mapping: YamlMap, form: string, slot: string): YamlMap {
  const { position } = mapping
  const type = textOf(valueAt(mapping, 'type')) ?? ''
  const isAlways = type === 'from_entity' || type === 'from_trigger_intent'
  const condition = map(
    {
      active_loop: scalar(form, position),
      ...(isAlways ? {} : { requested_slot: scalar(slot, position) }),
    },
    position,
  )
  return withEntry(mapping, { key: 'conditions', keyPosition: position, value: list([condition], position) })
}

/** The same mapping of several forms is one mapping with several conditions. */
function joinSame(mappings: readonly YamlMap[]): YamlMap[] {
  const groups = Map.groupBy(mappings, mapping =>
    JSON.stringify(
      toJson({ ...mapping, entries: mapping.entries.filter(({ key }) => key !== 'conditions') }),
    ),
  )
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const conditions = [first, ...others].flatMap(each => itemsOf(valueAt(each, 'conditions')))
    return [
      withEntry(first, {
        key: 'conditions',
        keyPosition: first.position,
        value: list(conditions, first.position),
      }),
    ]
  })
}

function renameActions(domain: YamlMap): YamlMap {
  const actions = entryAt(domain, 'actions')
  if (actions?.value.kind !== 'list') return domain
  const items = actions.value.items.map(item => {
    const renamed = item.kind === 'scalar' ? RENAMED[String(item.value)] : undefined
    return renamed === undefined ? item : scalar(renamed, item.position)
  })
  return withEntry(domain, { ...actions, value: { ...actions.value, items } })
}
