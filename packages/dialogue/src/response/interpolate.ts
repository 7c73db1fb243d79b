// Filling `{slot}` in a response, as Rasa does it through Python's str.format: one pass, each string judged on its own.

import { CodedError, type JsonObject, type JsonValue, WholeFloat } from '@tabula/protocol'
import { pythonText } from './python-text.ts'

export type Values = ReadonlyMap<string, JsonValue>

/**
 * The text with its placeholders filled. One unknown placeholder leaves the whole text as it is; `{{x}}` gives `{x}`.
 * Throws CodedError `response.braces` on a brace without its partner, as Python does.
 */
export function interpolateText(text: string, values: Values): string {
  if (!text.includes('{') && !text.includes('}')) return text
  const tagged = text.replace(/\{([^\n{}]+?)\}/g, '{0[$1]}')
  const filled = format(tagged, field => lookUp(field, values))
  if (filled === null) return text
  // A placeholder in double braces was only unescaped: then the text as written is unescaped instead.
  return filled.includes('0[') ? (format(text, () => null) ?? text) : filled
}

/** The value with every text in it filled; keys and everything but text stay. */
export function interpolate(value: JsonValue, values: Values): JsonValue {
  if (typeof value === 'string') return interpolateText(value, values)
  if (isList(value)) return value.map(each => interpolate(each, values))
  if (value === null || typeof value !== 'object' || value instanceof WholeFloat) return value
  const filled: JsonObject = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, interpolate(each ?? null, values)]),
  )
  return filled
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** What stands for a field `0[name]`; null where there is no such value. A name of digits is an index, and finds nothing. */
function lookUp(field: string, values: Values): string | null {
  const match = /^0\[([^\]]*)\]$/.exec(field)
  const name = match?.[1]
  if (name === undefined || /^\d+$/.test(name)) return null
  const value = values.get(name)
  return value === undefined ? null : pythonText(value)
}

/** str.format: `{{` and `}}` are braces, `{field}` is looked up; null as soon as a look-up finds nothing. */
function format(text: string, find: (field: string) => string | null): string | null {
  let out = ''
  let position = 0
  while (position < text.length) {
    const character = text.charAt(position)
    if ((character === '{' || character === '}') && text.charAt(position + 1) === character) {
      out += character
      position += 2
    } else if (character === '}') throw unbalanced(text)
    else if (character !== '{') {
      out += character
      position += 1
    } else {
      const end = fieldEnd(text, position + 1)
      const found = find(text.slice(position + 1, end))
      if (found === null) return null
      out += found
      position = end + 1
    }
  }
  return out
}

/** Where the field's closing brace stands; what is in square brackets is not looked at. */
function fieldEnd(text: string, start: number): number {
  for (let position = start; position < text.length; position += 1) {
    const character = text.charAt(position)
    if (character === '{') break
    if (character === '}') return position
    if (character === '[') {
      const close = text.indexOf(']', position)
      if (close === -1) break
      const after = text.charAt(close + 1)
      if (text.startsWith('0[', start) && !'.[}:!'.includes(after)) break
      position = close
    }
  }
  throw unbalanced(text)
}

function unbalanced(text: string): CodedError {
  return new CodedError(
    'response.braces',
    `The response "${text.slice(0, 200)}" has a brace without its partner. Write {{ and }} for braces that are meant as such.`,
    { status: 400 },
  )
}
