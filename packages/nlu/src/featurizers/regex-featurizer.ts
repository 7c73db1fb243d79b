// One column a pattern: 1 for every token that a match touches, and for the sentence where anything matches.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'
import type { SparseRow, Token } from '../message.ts'
import type { NamedPattern } from '../regex/data-patterns.ts'
import { loadPatterns, PATTERN_DEFAULTS, readDataPatterns, savePatterns } from '../regex/data-patterns.ts'
import type { PatternMatch } from '../regex/pattern.ts'

const NAME = 'RegexFeaturizer'

export const regexFeaturizer: ComponentType = {
  name: NAME,
  kinds: ['featurizer'],
  requires: ['tokenizer'],
  defaults: { case_sensitive: true, ...PATTERN_DEFAULTS, number_additional_patterns: null },
  create: (options, context) => createFeaturizer(options, context.index, []),
  load: (saved, options, context) => createFeaturizer(options, context.index, loadPatterns(saved, options)),
}

function createFeaturizer(options: JsonObject, index: number, loaded: readonly NamedPattern[]): Component {
  let patterns = loaded
  return {
    train(_messages, data) {
      patterns = readDataPatterns(data, options, null)
    },
    process(message) {
      if (patterns.length === 0 || message.text === '' || message.tokens.length === 0) return
      const found = patterns.map(({ pattern }) => pattern.matches(message.text))
      const sequence = message.tokens.map(token => toRow(found.map(matches => touches(token, matches))))
      const sentence = toRow(found.map(matches => message.tokens.some(token => touches(token, matches))))
      message.features.push({ origin: `${NAME}.${index}`, width: patterns.length, sequence, sentence })
    },
    save: () => savePatterns(patterns),
  }
}

function touches(token: Token, matches: readonly PatternMatch[]): boolean {
  return matches.some(match => token.start < match.end && token.end > match.start)
}

function toRow(columns: readonly boolean[]): SparseRow {
  const indices = columns.flatMap((set, column) => (set ? [column] : []))
  return { indices: Uint32Array.from(indices), values: new Float32Array(indices.length).fill(1) }
}
