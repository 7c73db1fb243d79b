// Values as YAML, laid out as Rasa's writer lays out stories: lists flush with their key, text quoted only where it must be.

import { type JsonValue, WholeFloat } from '@tabula/protocol'
import { pythonRepr } from '../response/python-text.ts'
import { yamlScalar } from './yaml-scalar.ts'

/** `key: value` and what stands below it, as lines without indentation of their own. */
export function yamlEntry(key: string, value: JsonValue): string[] {
  const name = yamlScalar(key)
  if (isList(value) && value.length > 0) return [`${name}:`, ...value.flatMap(yamlItem)]
  if (isMap(value) && Object.keys(value).length > 0) return [`${name}:`, ...indent(yamlMap(value))]
  return [`${name}: ${yamlLeaf(value)}`]
}

/** The lines of a list's item. */
export function yamlItem(value: JsonValue): string[] {
  const lines =
    isList(value) && value.length > 0
      ? value.flatMap(yamlItem)
      : isMap(value) && Object.keys(value).length > 0
        ? yamlMap(value)
        : [yamlLeaf(value)]
  return dashed(lines)
}

/** The lines as one item of a list. */
export function dashed(lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`))
}

/** `key: |-` with the text below it, word for word. */
export function yamlBlock(key: string, text: string): string[] {
  const kept = text.replace(/\n+$/, '')
  const mark = kept === text ? '|-' : text.endsWith('\n\n') ? '|+' : '|'
  const depth = /^[ \t]/.test(text) ? '2' : ''
  return [
    `${key}: ${mark.charAt(0)}${depth}${mark.slice(1)}`,
    ...kept.split('\n').map(line => (line === '' ? '' : `  ${line}`)),
  ]
}

function yamlMap(value: Readonly<Record<string, JsonValue | undefined>>): string[] {
  return Object.entries(value).flatMap(([key, each]) => yamlEntry(key, each ?? null))
}

function indent(lines: readonly string[]): string[] {
  return lines.map(line => (line === '' ? '' : `  ${line}`))
}

function yamlLeaf(value: JsonValue): string {
  if (typeof value === 'string') return yamlScalar(value)
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number' || value instanceof WholeFloat) return pythonRepr(value)
  return isList(value) ? '[]' : '{}'
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isMap(value: JsonValue): value is Readonly<Record<string, JsonValue | undefined>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WholeFloat)
  )
}
