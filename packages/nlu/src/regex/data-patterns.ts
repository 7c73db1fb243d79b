// The patterns that a project's data gives: its regexes, and its lookup tables as one expression each.

import type { JsonObject, Problem, SourcePosition } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { SavedPart } from '@tabula/ml'
import type { NluTrainingData } from '../training-data.ts'
import type { Pattern } from './pattern.ts'
import { compilePattern } from './pattern.ts'
import type { LookupOptions } from './lookup-pattern.ts'
import { createLookupPattern } from './lookup-pattern.ts'

export interface NamedPattern {
  readonly name: string
  readonly pattern: Pattern
  /** The words of a lookup table; null for a regex. */
  readonly words: readonly string[] | null
}

/** Options of the two components that use patterns, with Rasa's defaults but for case_sensitive. */
export const PATTERN_DEFAULTS: JsonObject = {
  use_lookup_tables: true,
  use_regexes: true,
  use_word_boundaries: true,
}

/** Regexes, then lookup tables, of these names (all where null), compiled. Throws CodedError on an expression that cannot run. */
export function readDataPatterns(
  data: NluTrainingData,
  options: JsonObject,
  names: ReadonlySet<string> | null,
): NamedPattern[] {
  const ignoreCase = options['case_sensitive'] === false
  const wanted = (name: string): boolean => names === null || names.has(name)
  const regexes = options['use_regexes'] === false ? [] : data.regexes.filter(({ name }) => wanted(name))
  const lookups =
    options['use_lookup_tables'] === false ? [] : data.lookups.filter(({ name }) => wanted(name))
  return [
    ...regexes.map(({ name, pattern, position }) => ({
      name,
      words: null,
      pattern: compilePattern(pattern, { ignoreCase, ...(position === undefined ? {} : { position }) }),
    })),
    ...lookups
      .filter(({ elements }) => elements.length > 0)
      .map(({ name, elements }) => ({
        name,
        words: elements,
        pattern: createLookupPattern(elements, readLookupOptions(options)),
      })),
  ]
}

function readLookupOptions(options: JsonObject): LookupOptions {
  return {
    ignoreCase: options['case_sensitive'] === false,
    boundaries: options['use_word_boundaries'] !== false,
  }
}

/** Whether an expression of the data cannot be used: the complaint about it, else null. */
export function checkRegex(name: string, pattern: string, position?: SourcePosition): Problem | null {
  try {
    compilePattern(pattern)
    return null
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return {
      severity: 'error',
      code: error.code,
      message: `regex '${name}': ${error.message}`,
      ...(position === undefined ? {} : { position }),
    }
  }
}

export function savePatterns(patterns: readonly NamedPattern[]): SavedPart {
  const saved: SavedPattern[] = patterns.map(({ name, pattern, words }) =>
    words === null ? { name, source: pattern.source } : { name, words },
  )
  return { header: { patterns: saved }, tensors: {} }
}

export function loadPatterns({ header }: SavedPart, options: JsonObject): NamedPattern[] {
  const saved = (header['patterns'] as readonly SavedPattern[] | undefined) ?? []
  const ignoreCase = options['case_sensitive'] === false
  return saved.map(entry =>
    'words' in entry
      ? { ...entry, pattern: createLookupPattern(entry.words, readLookupOptions(options)) }
      : { name: entry.name, words: null, pattern: compilePattern(entry.source, { ignoreCase }) },
  )
}

type SavedPattern =
  | { readonly name: string; readonly source: string }
  | { readonly name: string; readonly words: readonly string[] }
