// The bodies of the API's requests, read once: what does not fit is a 400 that names the parameter.

import { CodedError, createDoor, PARSE_LIMITS } from '@tabula/protocol'
import type { JsonObject, JsonValue, Schema } from '@tabula/protocol'
import { isRecord } from './body.ts'
import { badRequest } from './errors.ts'
import { EXECUTE_BODY, LOAD_MODEL_BODY, MESSAGE_BODY, PARSE_BODY, TRIGGER_BODY } from './schemas.ts'

export interface ExecuteBody {
  readonly name: string
  readonly policy: string | null
  readonly confidence: number
}

const executeBody = bodyDoor('The action', EXECUTE_BODY)

export function readExecuteBody(value: unknown): ExecuteBody {
  const { name, policy, confidence } = executeBody(value)
  return {
    name: text(name),
    policy: typeof policy === 'string' ? policy : null,
    confidence: typeof confidence === 'number' ? confidence : 0,
  }
}

const triggerBody = bodyDoor('The intent', TRIGGER_BODY)

export function readTriggerBody(value: unknown): { readonly name: string; readonly entities: JsonValue } {
  const { name, entities } = triggerBody(value)
  return { name: text(name), entities: entities ?? [] }
}

const messageBody = bodyDoor('The message', MESSAGE_BODY)

export function readMessageBody(value: unknown): { readonly text: string; readonly parseData: JsonValue } {
  const { text: said, parse_data: given } = messageBody(value)
  // As in Rasa, nothing known of the text is the same as nothing given.
  const isKnown = isRecord(given) && Object.keys(given).length > 0
  return { text: text(said), parseData: isKnown ? given : null }
}

const parseBody = bodyDoor('The body', PARSE_BODY)

/** The text to parse; of a list the first, as in Rasa. */
export function readParseBody(value: unknown): string {
  const given = parseBody(value)['text']
  return text(Array.isArray(given) ? (given as readonly JsonValue[])[0] : given)
}

export type ModelSource =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'server'; readonly url: string; readonly settings: JsonObject }
  | { readonly kind: 'storage'; readonly name: string; readonly file: string | null }

const loadModelBody = bodyDoor('The body', LOAD_MODEL_BODY)

/** Where the model comes from, null where the body names nothing. A server goes before a storage, and that before a file. */
export function readLoadModelBody(value: unknown): ModelSource | null {
  const { model_file: file, model_server: server, remote_storage: storage } = loadModelBody(value)
  const name = typeof file === 'string' && file !== '' ? file : null
  if (server !== undefined && server !== null) {
    // The schema has checked that it is an object with a text as url.
    const settings = server as JsonObject
    return { kind: 'server', url: text(settings['url']), settings }
  }
  if (typeof storage === 'string' && storage !== '') return { kind: 'storage', name: storage, file: name }
  return name === null ? null : { kind: 'file', file: name }
}

function bodyDoor(name: string, schema: Schema): (value: unknown) => JsonObject {
  const door = createDoor(name, schema, PARSE_LIMITS.request)
  return value => {
    if (value === null) throw badRequest(`${name} is missing: the body is empty.`)
    try {
      return door(value)
    } catch (error) {
      if (error instanceof CodedError && error.status === 400) {
        throw badRequest(error.message, parameterOf(error))
      }
      throw error
    }
  }
}

function parameterOf({ details: { path, expected } }: CodedError): string | undefined {
  const named = typeof path === 'string' ? path.split('/')[1] : undefined
  return named ?? /^the key '(.+)'$/.exec(String(expected))?.[1]
}

/** The schema has checked it. */
function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
