// Messages of the form `/intent@confidence{"entity": "value"}`, which buttons and tests send: understood without a model.

import {
  type Entity,
  type JsonObject,
  type JsonValue,
  parseExactJson,
  type ParseData,
} from '@tabula/protocol'
import { codePointOffsets, stripText } from './text.ts'

const EXTRACTOR = 'RegexMessageHandler'

/** Name up to a brace or at sign; then, if they follow at once, a number and an object; the rest is ignored. */
const FORMAT = /^\/([^{@]+)(@[0-9.]+)?(\{[^\n]+\})?/d

export interface KnownNames {
  readonly intents: ReadonlySet<string>
  readonly entities: ReadonlySet<string>
}

/**
 * What the message says, or null where it is ordinary text: without the slash, or with an intent that the domain lacks.
 * `known` is null for a model without a domain; then every name passes. Replaces all that a pipeline would find.
 */
export function parseIntentMessage(text: string, known: KnownNames | null): ParseData | null {
  const stripped = stripText(text)
  const match = FORMAT.exec(stripped)
  if (match === null) return null
  const name = stripText(match[1] ?? '')
  if (known !== null && !known.intents.has(name)) return null
  const intent = { name, confidence: readConfidence(match[2]) }
  const span = match.indices?.[3]
  const entities = span === undefined ? [] : readEntities(stripped, span, known)
  return { text: stripped, intent, entities, intent_ranking: [{ ...intent }] }
}

/** A number above 1 counts as 1; what is no number, like `@1.2.3`, counts as 0. */
function readConfidence(part: string | undefined): number {
  if (part === undefined) return 1
  const digits = part.slice(1)
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(digits)) return 0
  return Math.min(1, Number(digits))
}

function readEntities(
  text: string,
  [from, to]: readonly [number, number],
  known: KnownNames | null,
): Entity[] {
  const offset = codePointOffsets(text)
  const place = { start: offset(from), end: offset(to), extractor: EXTRACTOR }
  return Object.entries(readObject(text.slice(from, to)))
    .filter(([entity]) => known === null || known.entities.has(entity))
    .flatMap(([entity, value = null]) =>
      (isList(value) ? value : [value]).map(one => ({ entity, value: one, ...place })),
    )
}

function readObject(source: string): JsonObject {
  try {
    // The source begins with a brace: what it holds is an object.
    return parseExactJson(source) as JsonObject
  } catch {
    return {}
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
