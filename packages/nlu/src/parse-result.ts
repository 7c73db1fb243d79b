// A message that went through a pipeline as Rasa's parse result: its keys and their order, offsets in code points.

import type { Entity, IntentPrediction, JsonObject, JsonValue, ParseData } from '@tabula/protocol'
import type { Message } from './message.ts'
import { codePointOffsets } from './text.ts'

/** Keys appear where a component gave them: text_tokens, intent_ranking and response_selector may be missing. */
export function toParseData(message: Message): ParseData {
  const { text, tokens, ranking, responseSelector } = message
  const offset = codePointOffsets(text)
  return {
    text,
    intent: withRetrievalIntent(message.intent ?? { name: null, confidence: 0 }, responseSelector),
    entities: message.entities.map(entity => orderEntity(entity, offset)),
    ...(tokens.length === 0
      ? {}
      : { text_tokens: tokens.map(({ start, end }) => [offset(start), offset(end)] as const) }),
    ...(ranking === null ? {} : { intent_ranking: ranking }),
    ...(responseSelector === null ? {} : { response_selector: responseSelector }),
  }
}

/** Rasa's order of an entity's keys; unknown ones come last. */
const ENTITY_KEYS = [
  'entity',
  'start',
  'end',
  'confidence_entity',
  'role',
  'confidence_role',
  'group',
  'confidence_group',
  'value',
  'extractor',
] as const

function orderEntity(entity: Entity, offset: (unit: number) => number): Entity {
  const ordered: Record<string, JsonValue | undefined> = {}
  for (const key of ENTITY_KEYS) if (entity[key] !== undefined) ordered[key] = entity[key]
  Object.assign(ordered, Object.fromEntries(Object.entries(entity).filter(([key]) => !(key in ordered))))
  if (entity.start !== undefined) ordered['start'] = offset(entity.start)
  if (entity.end !== undefined) ordered['end'] = offset(entity.end)
  return { ...ordered, entity: entity.entity, value: entity.value }
}

/** A retrieval intent names the response that its own selector chose, and null where only another selector ran. */
function withRetrievalIntent(
  intent: IntentPrediction,
  selector: Message['responseSelector'],
): IntentPrediction {
  const all = selector?.['all_retrieval_intents']
  if (intent.name === null || !Array.isArray(all) || !all.includes(intent.name)) return intent
  const key = readKey(readKey(selector?.[intent.name], 'response'), 'intent_response_key')
  return { ...intent, full_retrieval_intent_name: typeof key === 'string' ? key : null }
}

function readKey(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  return Object.entries(value as JsonObject).find(([name]) => name === key)?.[1]
}
