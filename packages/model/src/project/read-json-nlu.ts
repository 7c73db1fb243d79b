// NLU training data in JSON: Rasa's own older form, and what LUIS, Wit and Dialogflow export. Known by its content, as Rasa does.

import type { AnnotatedEntity } from '@tabula/nlu'
import type { SourcePosition } from '@tabula/protocol'
import { readDialogflow, type ReadNeighbour } from './read-dialogflow.ts'
import { elementsOfFile, type NluParts, type ReadLookupFile } from './read-nlu.ts'
import { entryAt, itemsOf, type Problems, textOf, valueAt, type YamlNode } from './yaml-node.ts'

/** What a JSON file may name: lookup files by path, and the files that Dialogflow keeps beside it. */
export interface JsonNluFiles {
  readonly lookup: ReadLookupFile
  readonly neighbour: ReadNeighbour
}

/** Whether the text may be training data at all: other JSON files of a project are left alone. */
export function looksLikeNlu(text: string): boolean {
  return /"(rasa_nlu_data|luis_schema_version|utterances|responses|isEnum)"\s*:/.test(text)
}

/** Adds the file's examples, synonyms, regexes and lookups to the parts; nothing where it is in none of the forms. */
export async function readJsonNlu(
  root: YamlNode,
  parts: NluParts,
  problems: Problems,
  files: JsonNluFiles,
): Promise<void> {
  const has = (key: string): boolean => entryAt(root, key) !== undefined
  if (has('utterances')) {
    if (has('luis_schema_version')) readLuis(root, parts)
    else readWit(root, parts)
  } else if (has('rasa_nlu_data'))
    await readRasa(valueAt(root, 'rasa_nlu_data'), parts, problems, files.lookup)
  else if (has('responses') || has('isEnum')) await readDialogflow(root, parts, files.neighbour)
}

async function readRasa(
  data: YamlNode | undefined,
  parts: NluParts,
  problems: Problems,
  readFile: ReadLookupFile,
): Promise<void> {
  for (const item of itemsOf(valueAt(data, 'common_examples'))) {
    const text = textOf(valueAt(item, 'text')) ?? ''
    const response = textOf(valueAt(item, 'intent_response_key'))
    addExample(parts, {
      text,
      intent: response ?? textOf(valueAt(item, 'intent')),
      entities: itemsOf(valueAt(item, 'entities')).map(node => spanOf(node, text, 'start', 'end', 0)),
      position: item.position,
    })
  }
  for (const item of itemsOf(valueAt(data, 'entity_synonyms'))) {
    const value = textOf(valueAt(item, 'value'))
    for (const synonym of itemsOf(valueAt(item, 'synonyms')))
      if (value !== null) parts.synonyms.set(textOf(synonym) ?? '', value)
  }
  for (const item of itemsOf(valueAt(data, 'regex_features'))) addRegex(parts, item, 'pattern')
  for (const item of itemsOf(valueAt(data, 'lookup_tables'))) {
    const { position } = item
    const name = textOf(valueAt(item, 'name')) ?? ''
    const elements = valueAt(item, 'elements')
    if (elements?.kind === 'list') {
      parts.lookups.push({ name, elements: elements.items.map(node => textOf(node) ?? ''), position })
      continue
    }
    const file = textOf(elements) ?? ''
    const found = await elementsOfFile(file, name, elements?.position ?? position, problems, readFile)
    if (found !== null) parts.lookups.push({ name, elements: found, position })
  }
}

function readLuis(root: YamlNode, parts: NluParts): void {
  for (const item of itemsOf(valueAt(root, 'utterances'))) {
    const text = textOf(valueAt(item, 'text')) ?? ''
    addExample(parts, {
      text,
      intent: textOf(valueAt(item, 'intent')),
      // LUIS counts the last character in.
      entities: itemsOf(valueAt(item, 'entities')).map(node => spanOf(node, text, 'startPos', 'endPos', 1)),
      position: item.position,
    })
  }
  for (const item of itemsOf(valueAt(root, 'regex_entities'))) addRegex(parts, item, 'regexPattern')
  for (const item of itemsOf(valueAt(root, 'regex_features')))
    if (valueAt(item, 'activated')?.kind === 'scalar' && textOf(valueAt(item, 'activated')) === 'true')
      addRegex(parts, item, 'pattern')
}

/** The intent of Wit's utterances that have none, as Rasa names it. */
const WITHOUT_INTENT = 'out_of_scope'

function readWit(root: YamlNode, parts: NluParts): void {
  for (const item of itemsOf(valueAt(root, 'utterances'))) {
    const text = textOf(valueAt(item, 'text')) ?? ''
    const entities = itemsOf(valueAt(item, 'entities')).map((node): AnnotatedEntity => {
      const { entity: named, start, end } = spanOf(node, text, 'start', 'end', 0)
      const [entity = '', role] = named.split(':')
      const value = textOf(valueAt(node, 'body')) ?? text.slice(start, end)
      const isOwnName = role === undefined || role === entity || `wit$${role}` === entity
      return { start, end, entity, value, ...(isOwnName ? {} : { role }) }
    })
    addExample(parts, {
      text,
      intent: textOf(valueAt(item, 'intent')) ?? WITHOUT_INTENT,
      entities,
      position: item.position,
    })
  }
}

interface ReadExample {
  readonly text: string
  readonly intent: string | null
  readonly entities: readonly AnnotatedEntity[]
  readonly position: SourcePosition
}

function addExample(parts: NluParts, { text, intent, entities, position }: ReadExample): void {
  const name = (intent ?? '').trim()
  const [base = ''] = name.split('/')
  parts.examples.push({
    text,
    ...(base === '' ? {} : { intent: base }),
    ...(base === name ? {} : { intentResponseKey: name }),
    entities,
    position,
  })
}

function addRegex(parts: NluParts, item: YamlNode, key: string): void {
  const pattern = textOf(valueAt(item, key))
  if (pattern !== null)
    parts.regexes.push({ name: textOf(valueAt(item, 'name')) ?? '', pattern, position: item.position })
}

/** The annotation; the file counts code points, and `extra` more of them at the end. */
function spanOf(
  node: YamlNode,
  text: string,
  startKey: string,
  endKey: string,
  extra: number,
): AnnotatedEntity {
  const number = (key: string): number => Number(textOf(valueAt(node, key)) ?? 0)
  const start = unitsBefore(text, number(startKey))
  const end = unitsBefore(text, number(endKey) + extra)
  const role = textOf(valueAt(node, 'role'))
  const group = textOf(valueAt(node, 'group'))
  return {
    start,
    end,
    entity: textOf(valueAt(node, 'entity')) ?? '',
    value: textOf(valueAt(node, 'value')) ?? text.slice(start, end),
    ...(role === null ? {} : { role }),
    ...(group === null ? {} : { group }),
  }
}

/** The length in UTF-16 units of the text's first code points. */
function unitsBefore(text: string, points: number): number {
  let units = 0
  for (let count = 0; count < points && units < text.length; count += 1)
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1
  return units
}
