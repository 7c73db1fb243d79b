// /model/parse in the shapes of services that a bot may have moved away from.

import { randomUUID } from 'node:crypto'
import type { Entity, JsonValue, ParseData } from '@tabula/protocol'
import { badRequest } from './errors.ts'

export type Emulator = (parsed: ParseData) => unknown

/** The emulator of a mode's name in any case, as it is without one; throws 400 on other names. */
export function findEmulator(mode: string | undefined): Emulator {
  switch (mode?.toLowerCase()) {
    case undefined:
      return parsed => parsed
    case 'wit':
      return asWit
    case 'luis':
      return asLuis
    case 'dialogflow':
      return asDialogflow
    default:
      throw badRequest(
        `emulation_mode is ${mode ?? ''}. It should be one of WIT, LUIS, DIALOGFLOW.`,
        'emulation_mode',
        'query',
      )
  }
}

function asWit(parsed: ParseData): unknown {
  // Offsets count code points.
  const text = Array.from(parsed.text ?? '')
  const entities: Record<string, unknown[]> = Object.create(null) as Record<string, unknown[]>
  for (const entity of parsed.entities) {
    const role = entity.role ?? entity.entity
    const list = (entities[`${entity.entity}:${role}`] ??= [])
    list.push({
      confidence: entity.confidence_entity ?? 1,
      name: entity.entity,
      value: entity.value,
      body: text.slice(entity.start ?? 0, entity.end ?? 0).join(''),
      start: entity.start,
      end: entity.end,
      role,
      entities: [],
    })
  }
  return { text: parsed.text, intents: [parsed.intent], entities }
}

function asLuis(parsed: ParseData): unknown {
  const name = parsed.intent.name ?? null
  const intents = (parsed.intent_ranking?.length ?? 0) > 0 ? (parsed.intent_ranking ?? []) : [parsed.intent]
  const instances: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  const values: Record<string, readonly JsonValue[]> = Object.create(null) as Record<
    string,
    readonly JsonValue[]
  >
  for (const entity of parsed.entities) {
    const key = entity.role ?? entity.entity
    values[key] = [entity.value]
    instances[key] = [luisInstance(entity)]
  }
  return {
    query: parsed.text,
    prediction: {
      normalizedQuery: parsed.text,
      topIntent: name,
      intents: Object.fromEntries(
        intents.map(intent => [String(intent.name), { score: intent.confidence ?? null }]),
      ),
      entities: { $instance: instances, ...values },
    },
  }
}

function luisInstance({ entity, role, value, start, end, confidence, extractor }: Entity): unknown {
  return {
    role: role ?? null,
    type: entity,
    text: value,
    startIndex: start ?? null,
    length: start === undefined || end === undefined ? null : end - start,
    score: confidence ?? null,
    modelType: extractor ?? null,
  }
}

function asDialogflow(parsed: ParseData): unknown {
  const name = parsed.intent.name ?? null
  const confidence = parsed.intent.confidence ?? null
  const parameters: Record<string, JsonValue[]> = Object.create(null) as Record<string, JsonValue[]>
  for (const { entity, value } of parsed.entities) (parameters[entity] ??= []).push(value)
  return {
    responseId: randomUUID(),
    queryResult: {
      queryText: parsed.text,
      action: name,
      parameters,
      fulfillmentText: '',
      fulfillmentMessages: [],
      outputContexts: [],
      intent: { name, displayName: name },
      intentDetectionConfidence: confidence,
    },
  }
}
