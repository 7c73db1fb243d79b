// JSON schemas of what the API takes and gives beside the shapes of @tabula/protocol.

import { PARSE_LIMITS, WIRE_SCHEMAS } from '@tabula/protocol'
import type { Schema } from '@tabula/protocol'

const text: Schema = { type: 'string' }
/** A user's text, as the door of the webhooks bounds it. */
const userText: Schema = { type: 'string', maxLength: PARSE_LIMITS.textBytes }
const nullableText: Schema = { type: ['string', 'null'] }
const nullableNumber: Schema = { type: ['number', 'null'] }

export const TRACKER = WIRE_SCHEMAS.trackerState
export const DOMAIN = WIRE_SCHEMAS.domain
export const PARSE_DATA = WIRE_SCHEMAS.parseData
export const USER_MESSAGE = WIRE_SCHEMAS.userMessageBody

/** Any of Rasa's events. */
export const EVENT: Schema = {
  anyOf: Object.entries(WIRE_SCHEMAS.events).map(([name, schema]) => ({
    title: name,
    ...schema,
    properties: { ...(schema['properties'] as object), event: { const: name } },
  })),
}

export const EVENT_LIST: Schema = { type: 'array', items: EVENT }

export const EXECUTE_BODY: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    policy: nullableText,
    confidence: nullableNumber,
  },
  required: ['name'],
}

export const TRIGGER_BODY: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    entities: { type: ['array', 'object', 'null'], items: { type: 'object' } },
  },
  required: ['name'],
}

export const MESSAGE_BODY: Schema = {
  type: 'object',
  properties: {
    text: userText,
    sender: { type: 'string', enum: ['user'] },
    parse_data: { ...PARSE_DATA, type: ['object', 'null'] },
  },
  required: ['sender', 'text'],
}

export const PARSE_BODY: Schema = {
  type: 'object',
  properties: {
    text: { type: ['string', 'array'], items: userText, minItems: 1, maxLength: PARSE_LIMITS.textBytes },
    message_id: {},
  },
  required: ['text'],
}

export const LOAD_MODEL_BODY: Schema = {
  type: 'object',
  properties: {
    model_file: nullableText,
    model_server: { type: ['object', 'null'], properties: { url: text }, required: ['url'] },
    remote_storage: nullableText,
  },
}

export const STATUS: Schema = {
  type: 'object',
  properties: {
    model_file: nullableText,
    model_id: nullableText,
    num_active_training_jobs: { type: 'integer' },
  },
  required: ['model_file', 'model_id', 'num_active_training_jobs'],
}

export const VERSION: Schema = {
  type: 'object',
  properties: { version: text, minimum_compatible_version: text },
  required: ['version', 'minimum_compatible_version'],
}

/** One answer of the bot as REST gives it. */
export const COLLECTED_MESSAGE: Schema = {
  type: 'object',
  properties: {
    recipient_id: text,
    text,
    image: text,
    buttons: { type: 'array', items: { type: 'object' } },
    attachment: {},
    custom: {},
  },
  required: ['recipient_id'],
}

export const COLLECTED_MESSAGES: Schema = { type: 'array', items: COLLECTED_MESSAGE }

export const TURN_ANSWER: Schema = {
  type: 'object',
  properties: { tracker: TRACKER, messages: COLLECTED_MESSAGES },
  required: ['tracker'],
}

export const PREDICTION: Schema = {
  type: ['object', 'null'],
  properties: {
    scores: {
      type: 'array',
      items: {
        type: 'object',
        properties: { action: text, score: { type: 'number' } },
        required: ['action', 'score'],
      },
    },
    policy: nullableText,
    confidence: nullableNumber,
    tracker: TRACKER,
  },
}

/** Rasa's error body. */
export const ERROR: Schema = {
  type: 'object',
  properties: {
    version: text,
    status: { const: 'failure' },
    message: text,
    reason: text,
    details: { type: 'object' },
    help: nullableText,
    code: { type: 'integer' },
  },
  required: ['version', 'status', 'message', 'reason', 'details', 'help', 'code'],
}
