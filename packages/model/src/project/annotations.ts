// Entity annotations in an example's text: `[Berlin](city)`, `[x](type:value)`, `[x]{"entity": …}`, `[x][{…}, {…}]`.

import type { AnnotatedEntity } from '@tabula/nlu'

export interface AnnotatedText {
  /** Without annotations. */
  readonly text: string
  /** UTF-16 offsets into the text. */
  readonly entities: readonly AnnotatedEntity[]
  /** Why an annotation cannot be read, with its place in the written text. */
  readonly faults: readonly { readonly offset: number; readonly message: string }[]
  /** Where brackets meet as in an annotation, but it does not end, or stands in another one: they are text, as in Rasa. */
  readonly strays: readonly number[]
}

const STRAY = /\][({]/g
const ANNOTATION = /\[([^\]]+?)\](?:\(([^:)]+?)(?::([^)]+))?\)|(\{[^}]+?\})|\[(.*?)\])/g

/** The text without its annotations, and what they say. */
export function readAnnotations(written: string): AnnotatedText {
  if (!written.includes('[')) return { text: written, entities: [], faults: [], strays: [] }
  const entities: AnnotatedEntity[] = []
  const faults: { offset: number; message: string }[] = []
  const strays: number[] = []
  let text = ''
  let position = 0
  const keep = (plain: string): void => {
    for (const { index } of plain.matchAll(STRAY)) strays.push(position + index)
    text += plain
  }
  for (const match of written.matchAll(ANNOTATION)) {
    const [whole, words = '', type, value, single, several] = match
    keep(written.slice(position, match.index))
    const span = { start: text.length, end: text.length + words.length }
    text += words
    position = match.index + whole.length
    if (type !== undefined) entities.push({ ...span, entity: type, value: value ?? words })
    for (const json of single === undefined
      ? [...(several ?? '').matchAll(/\{[^}]+?\}/g)].map(([found]) => found)
      : [single]) {
      const entity = fromJson(json, words, span)
      if (typeof entity === 'string') faults.push({ offset: match.index, message: entity })
      else entities.push(entity)
    }
  }
  keep(written.slice(position))
  return { text, entities, faults, strays }
}

function fromJson(
  json: string,
  words: string,
  span: { start: number; end: number },
): AnnotatedEntity | string {
  const read = readJson(json)
  if (read === null) return `The annotation ${json} is no JSON.`
  const { entity, value, role, group } = read
  if (typeof entity !== 'string') return `The annotation ${json} has no "entity".`
  return {
    ...span,
    entity,
    value: typeof value === 'string' || typeof value === 'number' ? String(value) : words,
    ...(typeof role === 'string' ? { role } : {}),
    ...(typeof group === 'string' ? { group } : {}),
  }
}

function readJson(
  json: string,
): { entity?: unknown; value?: unknown; role?: unknown; group?: unknown } | null {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
