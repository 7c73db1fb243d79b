// What no JSON from outside may be: too deep, too large, or made to reach an object's prototype.

import { CodedError } from '../errors.ts'
import type { JsonValue } from '../json.ts'
import { WholeFloat } from '../whole-float.ts'
import type { ShapeLimits } from './limits.ts'

/** The value, known to be JSON within the limits. Throws CodedError with status 400 that names the place, 413 where it is too large. */
export function guardJson(value: unknown, what: string, limits: ShapeLimits): JsonValue {
  return guardExactJson(value, what, limits).json
}

/** The same, and whether whole floats are in it. */
export function guardExactJson(
  value: unknown,
  what: string,
  limits: ShapeLimits,
): { readonly json: JsonValue; readonly hasWholeFloat: boolean } {
  const count = { keys: 0, hasWholeFloat: false }
  const fault = findFault(value, limits, count, 0)
  if (fault !== null) throw refuse(what, fault.path, fault.found, fault.expected)
  if (count.keys > limits.keys) throw tooLarge(what, `more than ${limits.keys} keys and items`)
  return { json: value as JsonValue, hasWholeFloat: count.hasWholeFloat }
}

/** The error for one wrong place; `path` is a JSON pointer, empty for the whole. */
export function refuse(what: string, path: string, found: string, expected: string): CodedError {
  const place = path === '' ? '' : ` at ${path}`
  return new CodedError('input.invalid', `${what}${place}: found ${found}, expected ${expected}.`, {
    status: 400,
    details: { path, found, expected },
  })
}

export function tooLarge(what: string, found: string): CodedError {
  return new CodedError('input.too-large', `${what} has ${found}.`, { status: 413, details: { found } })
}

interface Count {
  keys: number
  hasWholeFloat: boolean
}

interface Fault {
  readonly path: string
  readonly found: string
  readonly expected: string
}

/** The first fault; its path is put together on the way back, so that sound values pay nothing for it. */
function findFault(value: unknown, limits: ShapeLimits, count: Count, depth: number): Fault | null {
  if (typeof value === 'string') {
    if (value.isWellFormed()) return null
    return { path: '', found: 'text with half of a surrogate pair', expected: 'valid Unicode' }
  }
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return null
    return { path: '', found: 'a number beyond all bounds', expected: 'a finite number' }
  }
  if (value === null || typeof value === 'boolean') return null
  if (value instanceof WholeFloat) {
    count.hasWholeFloat = true
    return null
  }
  if (typeof value !== 'object') return { path: '', found: typeof value, expected: 'JSON' }
  if (depth >= limits.depth)
    return { path: '', found: `more than ${limits.depth} levels`, expected: 'a flatter value' }
  const keys = Object.keys(value)
  count.keys += keys.length
  if (count.keys > limits.keys) return null
  for (const key of keys) {
    if (key === '__proto__') return { path: '', found: "the key '__proto__'", expected: 'any other key' }
    const item: unknown = Reflect.get(value, key)
    if (item === undefined) continue
    const fault = findFault(item, limits, count, depth + 1)
    if (fault !== null) return { ...fault, path: `/${key}${fault.path}` }
  }
  return null
}
