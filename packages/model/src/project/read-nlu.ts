// NLU training data from a file's tree: intents with examples, synonyms, regexes, lookup tables.

import type { LookupTable, NluExample, RegexPattern } from '@tabula/nlu'
import type { JsonObject, SourcePosition } from '@tabula/protocol'
import { readAnnotations } from './annotations.ts'
import {
  describe,
  entryAt,
  itemsOf,
  mapToJson,
  type Problems,
  textOf,
  valueAt,
  type YamlNode,
} from './yaml-node.ts'

/** What the files of a project add up to; later files add to it. */
export interface NluParts {
  readonly examples: NluExample[]
  readonly synonyms: Map<string, string>
  readonly regexes: RegexPattern[]
  readonly lookups: LookupTable[]
}

/** Reads the text of a lookup file that an item names; null where it is missing. */
export type ReadLookupFile = (name: string, from: string) => Promise<string | null>

const KINDS = ['intent', 'synonym', 'regex', 'lookup'] as const

/** The examples without those that are the same throughout as an earlier one. */
export function distinctExamples(examples: readonly NluExample[]): NluExample[] {
  const known = new Set<string>()
  return examples.filter(({ text, intent, intentResponseKey, entities, metadata }) => {
    const key = JSON.stringify([text, intent, intentResponseKey, entities, metadata])
    return !known.has(key) && known.add(key)
  })
}

/** Adds the items under `nlu:` to the parts. */
export async function readNlu(
  root: YamlNode,
  parts: NluParts,
  problems: Problems,
  readFile: ReadLookupFile,
): Promise<void> {
  const entry = entryAt(root, 'nlu')
  if (entry === undefined) return
  if (entry.value.kind !== 'list') {
    if (entry.value.kind === 'scalar' && entry.value.value === null)
      problems.warn(
        'nlu.empty',
        entry.keyPosition,
        'There is nothing under nlu.',
        'Add items such as `- intent: greet` with examples.',
      )
    else
      problems.error(
        'nlu.not-a-list',
        entry.value.position,
        `Under nlu stands ${describe(entry.value)}.`,
        'Write a list of items such as `- intent: greet`.',
      )
    return
  }
  for (const item of entry.value.items) await readItem(item, parts, problems, readFile)
}

async function readItem(
  item: YamlNode,
  parts: NluParts,
  problems: Problems,
  readFile: ReadLookupFile,
): Promise<void> {
  const kind = KINDS.find(each => entryAt(item, each) !== undefined)
  if (kind === undefined) {
    problems.warn(
      'nlu.unknown-item',
      item.position,
      `An item under nlu is ${describe(item)} and none of ${KINDS.join(', ')}; it is left out.`,
    )
    return
  }
  const name = textOf(valueAt(item, kind))
  if (name === null || name === '') {
    problems.warn('nlu.nameless', item.position, `A ${kind} has no name; it is left out.`)
    return
  }
  if (kind === 'intent') readIntent(name, item, parts, problems)
  else {
    const lines = exampleLines(item, kind, name, problems)
    if (lines === null) return
    if (kind === 'synonym') for (const line of lines) parts.synonyms.set(line.text, name)
    else if (kind === 'regex')
      for (const line of lines) parts.regexes.push({ name, pattern: line.text, position: line.position })
    else await readLookup(name, lines, item, parts, problems, readFile)
  }
}

function readIntent(name: string, item: YamlNode, parts: NluParts, problems: Problems): void {
  const [intent = '', ...keys] = name.split('/')
  if (keys.length > 1)
    problems.error(
      'nlu.two-slashes',
      item.position,
      `The intent '${name}' has more than one slash.`,
      'A retrieval intent is written `faq/opening`.',
    )
  const metadata = valueAt(item, 'metadata')
  const shared: JsonObject = metadata?.kind !== 'map' ? {} : { intent: mapToJson(metadata) }
  const examples = valueAt(item, 'examples')
  const lines =
    examples?.kind === 'list'
      ? listedExamples(examples, problems)
      : exampleLines(item, 'intent', name, problems)
  if (lines?.length === 0 && itemsOf(examples).length === 0)
    problems.warn('nlu.no-examples', item.position, `The intent '${name}' has no examples.`)
  for (const line of lines ?? []) {
    const { text, entities, faults, strays } = readAnnotations(line.text)
    for (const fault of faults)
      problems.error(
        'nlu.annotation',
        { ...line.position, column: line.position.column + fault.offset },
        fault.message,
        'Write `[words](entity)` or `[words]{"entity": "name", "value": "…"}`.',
      )
    for (const offset of strays.slice(0, 1))
      problems.warn(
        'nlu.annotation-cut',
        { ...line.position, column: line.position.column + offset },
        `An annotation in '${line.text}' does not end, or stands in another one; its brackets are taken as text.`,
        'Write `[words](entity)`, one beside the other.',
      )
    for (const entity of entities) {
      const words = text.slice(entity.start, entity.end)
      if (words !== entity.value) parts.synonyms.set(words, entity.value)
    }
    const all: JsonObject = { ...shared, ...line.metadata }
    parts.examples.push({
      text,
      intent,
      ...(keys.length > 0 ? { intentResponseKey: name } : {}),
      entities,
      ...(Object.keys(all).length > 0 ? { metadata: all } : {}),
      position: line.position,
    })
  }
}

interface ExampleLine {
  readonly text: string
  readonly position: SourcePosition
  readonly metadata?: JsonObject
}

/** The lines that begin with a dash at the first column of the item's text; others are left out with a warning. */
function exampleLines(item: YamlNode, kind: string, name: string, problems: Problems): ExampleLine[] | null {
  const node = valueAt(item, 'examples')
  const isText = node?.kind === 'scalar' && typeof node.value === 'string'
  if (!isText || node.value === '') {
    if (kind === 'intent' && isText) return []
    problems.warn(
      'nlu.no-examples',
      node?.position ?? item.position,
      `The ${kind} '${name}' has ${node === undefined ? 'no examples' : `${describe(node)} as examples`}; it is left out.`,
      'Write `examples: |` and below it lines that begin with a dash.',
    )
    return null
  }
  const lines: ExampleLine[] = []
  const first = node.style === 'block' ? node.position.line + 1 : node.position.line
  node.value.split(/\r\n|[\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/).forEach((line, index) => {
    const position = {
      file: node.position.file,
      line: first + index,
      column: node.style === 'block' ? columnOf(item) : node.position.column,
    }
    if (line.startsWith('-')) lines.push({ text: strip(line.slice(1)), position })
    else if (line !== '')
      problems.warn(
        'nlu.no-dash',
        position,
        `An example of '${name}' does not begin with a dash at the first column of its block: "${line.slice(0, 60)}"; it is left out.`,
        'Begin it with `- `.',
      )
  })
  return lines
}

/** Where a block's text begins: two columns further in than its key, as nearly every file has it. */
function columnOf(item: YamlNode): number {
  return (entryAt(item, 'examples')?.keyPosition.column ?? 1) + 2
}

/** Examples written as a list of `text:` with metadata of their own. */
function listedExamples(list: YamlNode, problems: Problems): ExampleLine[] {
  return itemsOf(list).flatMap(item => {
    const text = valueAt(item, 'text')
    if (text === undefined) {
      problems.error(
        'nlu.example-shape',
        item.position,
        `An example is ${describe(item)}.`,
        'In a list of examples each is a map with `text:`, and `metadata:` where it has any.',
      )
      return []
    }
    const metadata = valueAt(item, 'metadata')
    return [
      {
        text: strip(textOf(text) ?? ''),
        position: text.position,
        ...(metadata?.kind === 'map' ? { metadata: { example: mapToJson(metadata) } } : {}),
      },
    ]
  })
}

/** A lookup's own lines, or those of the one text file that it names. */
async function readLookup(
  name: string,
  lines: readonly ExampleLine[],
  item: YamlNode,
  parts: NluParts,
  problems: Problems,
  readFile: ReadLookupFile,
): Promise<void> {
  const [only] = lines
  let elements = lines.map(line => line.text)
  if (lines.length === 1 && only?.text.endsWith('.txt') === true) {
    const found = await elementsOfFile(only.text, name, only.position, problems, readFile)
    if (found === null) return
    elements = found
  }
  const known = parts.lookups.findIndex(table => table.name === name)
  const before = parts.lookups[known]
  if (before === undefined) parts.lookups.push({ name, elements, position: item.position })
  else parts.lookups[known] = { ...before, elements: [...before.elements, ...elements] }
}

/** The lines of a lookup file; null, with a complaint, where it is not there. */
export async function elementsOfFile(
  file: string,
  name: string,
  position: SourcePosition,
  problems: Problems,
  readFile: ReadLookupFile,
): Promise<string[] | null> {
  const text = await readFile(file, position.file)
  if (text === null) {
    problems.error(
      'nlu.lookup-file',
      position,
      `The lookup file ${file} of '${name}' is not there.`,
      'Name a file by its path from the project folder, or from this file.',
    )
    return null
  }
  return text
    .split(/\r?\n/)
    .map(strip)
    .filter(line => line !== '')
}

function strip(text: string): string {
  return text.replace(/^[\n\r ]+|[\n\r ]+$/g, '')
}
