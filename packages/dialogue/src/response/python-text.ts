// Values as Python prints them: responses that Rasa filled in have None, True and ['a', 'b'] in their texts.

import { type JsonValue, WholeFloat } from '@tabula/protocol'

/** What Python's str() gives. */
export function pythonText(value: JsonValue): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

/** What Python's repr() gives: text in quotes, lists and maps in brackets. */
export function pythonRepr(value: JsonValue): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'number') return pythonNumber(value)
  if (value instanceof WholeFloat) return value.toString()
  if (typeof value === 'string') return quoted(value)
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`
  const items = Object.entries(value).map(([key, each]) => `${quoted(key)}: ${pythonRepr(each ?? null)}`)
  return `{${items.join(', ')}}`
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Exponents have at least two digits, and begin at 1e16. */
function pythonNumber(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 2 ** 53) return String(value)
  const text = size >= 1e16 || (size < 1e-4 && size > 0) ? value.toExponential() : String(value)
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\\n\r\t]/g, found => ESCAPES[found] ?? found)
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}
