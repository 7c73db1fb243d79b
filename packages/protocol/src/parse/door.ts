// A door: a JSON schema that is compiled when the first value arrives, so that starting up does not pay for it.

import { createRequire } from 'node:module'
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import type { JsonObject, JsonValue } from '../json.ts'
import { WholeFloat } from '../whole-float.ts'
import { guardExactJson, refuse } from './guard.ts'
import type { ShapeLimits } from './limits.ts'

export type Schema = Readonly<Record<string, unknown>>

/** Gives back an object that fits the schema and the limits, and throws CodedError for every other value; `what` names it there. */
export type Door = (value: unknown, what?: string) => JsonObject

export function createDoor(name: string, schema: Schema, limits: ShapeLimits): Door {
  let validate: ValidateFunction | undefined
  return (value, what = name) => {
    const guarded = guardExactJson(value, what, limits)
    const json = guarded.hasWholeFloat ? plainNumbers(guarded.json, schema) : guarded.json
    if (json === null || typeof json !== 'object' || Array.isArray(json)) {
      throw refuse(what, '', describe(json), 'an object')
    }
    validate ??= loadAjv().compile(schema)
    if (validate(json)) return json as JsonObject
    throw explain(what, json, validate.errors?.[0])
  }
}

/** The value with plain numbers wherever the schema asks for a number: only what may be anything keeps its whole floats. */
function plainNumbers(value: JsonValue, schema: unknown): JsonValue {
  const { type, properties, items } = (schema ?? {}) as Schema
  if (value instanceof WholeFloat) {
    const isNumber = ([] as unknown[]).concat(type).some(each => each === 'number' || each === 'integer')
    return isNumber ? value.value : value
  }
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value))
    return items === undefined
      ? (value as readonly JsonValue[])
      : (value as readonly JsonValue[]).map(item => plainNumbers(item, items))
  if (properties === undefined) return value
  const known = properties as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, item]) => [
      key,
      item === undefined ? item : plainNumbers(item, known[key]),
    ]),
  )
}

let ajv: Ajv | undefined

function loadAjv(): Ajv {
  if (ajv === undefined) {
    const library = createRequire(import.meta.url)('ajv') as { Ajv: new (options: object) => Ajv }
    ajv = new library.Ajv({ strict: true, strictRequired: false, allowUnionTypes: true })
  }
  return ajv
}

function explain(what: string, value: JsonValue, error: ErrorObject | undefined): Error {
  const path = error?.instancePath ?? ''
  const params: Readonly<Record<string, unknown>> = error?.params ?? {}
  switch (error?.keyword) {
    case 'required':
      return refuse(what, path, 'nothing', `the key '${String(params['missingProperty'])}'`)
    case 'type': {
      const types = ([] as unknown[]).concat(params['type']).map(String)
      return refuse(what, path, describe(valueAt(value, path)), types.join(' or '))
    }
    case 'enum':
      return refuse(
        what,
        path,
        describe(valueAt(value, path)),
        `one of ${JSON.stringify(params['allowedValues'])}`,
      )
    case 'additionalProperties': {
      const key = String(params['additionalProperty'])
      return refuse(what, `${path}/${key}`, `the key '${key}'`, 'only keys that are known')
    }
    default:
      return refuse(what, path, describe(valueAt(value, path)), error?.message ?? 'something else')
  }
}

function valueAt(value: JsonValue, path: string): JsonValue | undefined {
  let at: JsonValue | undefined = value
  for (const part of path.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (at === null || typeof at !== 'object') return undefined
    at = Array.isArray(at) ? (at[Number(key)] as JsonValue | undefined) : (at as JsonObject)[key]
  }
  return at
}

/** A value in a few words, never more of a client's data than that. */
export function describe(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof WholeFloat) return value.toString()
  if (typeof value === 'object') return 'an object'
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}
