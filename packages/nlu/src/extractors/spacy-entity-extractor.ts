// What stands in for SpacyEntityExtractor, and for MitieEntityExtractor where the data has no entities to learn: names and
// amounts under spaCy's labels, with Rasa's keys.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from '../component.ts'
import type { Message } from '../message.ts'
import { findNamedEntities, type NamedEntity } from './named-entities.ts'

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
  // Its library takes a tenth of a second to load and to warm up: not at the first message's cost.
  void findNamedEntities('Anna is in Rome at 5 pm.', language, NAME)
  const add = (message: Message, found: readonly NamedEntity[]): void => {
    for (const { label, start, end } of found) {
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
  }
  return {
    process(message) {
      const found = findNamedEntities(message.text, language, NAME)
      if (!(found instanceof Promise)) {
        add(message, found)
        return undefined
      }
      return found.then(entities => {
        add(message, entities)
      })
    },
    save: () => ({ header: {}, tensors: {} }),
  }
}
