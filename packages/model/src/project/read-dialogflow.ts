// Dialogflow's export: a file for each intent and entity, with its examples or entries in a file for each language beside it.

import type { AnnotatedEntity } from '@tabula/nlu'
import type { NluParts } from './read-nlu.ts'
import { itemsOf, textOf, valueAt, type YamlNode } from './yaml-node.ts'

/** The tree of the file beside this one whose name goes on with the ending; null where there is none. */
export type ReadNeighbour = (ending: 'usersays' | 'entries') => Promise<YamlNode | null>

/** Adds an intent's examples, or an entity's synonyms and words, to the parts. */
export async function readDialogflow(
  root: YamlNode,
  parts: NluParts,
  readNeighbour: ReadNeighbour,
): Promise<void> {
  const name = textOf(valueAt(root, 'name')) ?? ''
  if (valueAt(root, 'isEnum') !== undefined) {
    readEntries(name, root, await readNeighbour('entries'), parts)
    return
  }
  const examples = await readNeighbour('usersays')
  for (const item of itemsOf(examples ?? undefined)) {
    const { text, entities } = joinChunks(itemsOf(valueAt(item, 'data')))
    parts.examples.push({ text, intent: name, entities, position: item.position })
  }
}

function joinChunks(chunks: readonly YamlNode[]): { text: string; entities: AnnotatedEntity[] } {
  let text = ''
  const entities: AnnotatedEntity[] = []
  for (const chunk of chunks) {
    const words = textOf(valueAt(chunk, 'text')) ?? ''
    const entity = textOf(valueAt(chunk, 'alias')) ?? textOf(valueAt(chunk, 'meta'))
    if (entity !== null && entity !== '@sys.ignore')
      entities.push({ start: text.length, end: text.length + words.length, entity, value: words })
    text += words
  }
  return { text, entities }
}

function readEntries(name: string, entity: YamlNode, entries: YamlNode | null, parts: NluParts): void {
  const position = entity.position
  const words = itemsOf(entries ?? undefined).flatMap(entry => {
    const value = textOf(valueAt(entry, 'value')) ?? ''
    const synonyms = itemsOf(valueAt(entry, 'synonyms')).map(node => textOf(node) ?? '')
    for (const synonym of synonyms) if (synonym !== value) parts.synonyms.set(synonym, value)
    return synonyms
  })
  if (words.length === 0) return
  if (textOf(valueAt(entity, 'isRegexp')) === 'true')
    for (const pattern of words) parts.regexes.push({ name, pattern, position })
  // Words with an @ stand for other entities.
  else parts.lookups.push({ name, elements: words.filter(word => !word.includes('@')), position })
}
