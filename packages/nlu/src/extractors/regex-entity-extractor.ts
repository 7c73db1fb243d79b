// Entities wherever a regex or lookup table of an annotated entity's name matches; overlapping ones are all kept.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'
import type { NamedPattern } from '../regex/data-patterns.ts'
import { loadPatterns, PATTERN_DEFAULTS, readDataPatterns, savePatterns } from '../regex/data-patterns.ts'

const NAME = 'RegexEntityExtractor'

export const regexEntityExtractor: ComponentType = {
  name: NAME,
  kinds: ['extractor'],
  requires: [],
  defaults: { case_sensitive: false, ...PATTERN_DEFAULTS },
  create: options => createExtractor(options, []),
  load: (saved, options) => createExtractor(options, loadPatterns(saved, options)),
}

function createExtractor(options: JsonObject, loaded: readonly NamedPattern[]): Component {
  let patterns = loaded
  return {
    train(messages, data, context) {
      const annotated = new Set(
        messages.flatMap(({ example }) => example.entities.map(({ entity }) => entity)),
      )
      patterns = readDataPatterns(data, options, annotated)
      if (patterns.length > 0) return
      context.warn({
        severity: 'warning',
        code: 'nlu.no-patterns',
        message: `${NAME} finds nothing: no regex or lookup table has the name of an annotated entity.`,
        hint: 'Name the regex or lookup table as the entity, and annotate the entity in an example.',
      })
    },
    process(message) {
      for (const { name, pattern } of patterns) {
        for (const { start, end } of pattern.matches(message.text)) {
          message.entities.push({
            entity: name,
            start,
            end,
            value: message.text.slice(start, end),
            extractor: NAME,
          })
        }
      }
    },
    save: () => savePatterns(patterns),
  }
}
