// What stands in for SpacyEntityExtractor, and for MitieEntityExtractor where the data has no entities to learn: names and
// amounts under spaCy's labels, with Rasa's keys.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from '../component.ts'
import { findNamedEntities } from './named-entities.ts'

const NAME = 'SpacyEntityExtractor'

export const spacyEntityExtractor: ComponentType = {
  name: NAME,
  kinds: ['extractor'],
  requires: [],
  defaults: { dimensions: null },
  create: createExtractor,
  load: (_saved, options, context) => createExtractor(options, context),
}

function createExtractor(options: JsonObject, { language }: ComponentContext): Component {
  const dimensions = Array.isArray(options['dimensions']) ? options['dimensions'].map(String) : null
  return {
    process(message) {
      for (const { label, start, end } of findNamedEntities(message.text, language, NAME)) {
        if (dimensions !== null && !dimensions.includes(label)) continue
        message.entities.push({
          entity: label,
          value: message.text.slice(start, end),
          start,
          confidence: null,
          end,
          extractor: NAME,
        })
      }
    },
    save: () => ({ header: {}, tensors: {} }),
  }
}
