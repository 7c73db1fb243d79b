// Replaces an entity's value by the canonical one of its synonyms, in any case of letters.

import type { JsonValue } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from '../component.ts'

const NAME = 'EntitySynonymMapper'

export const entitySynonymMapper: ComponentType = {
  name: NAME,
  kinds: ['mapper', 'extractor'],
  requires: [],
  defaults: {},
  create: () => createMapper(new Map()),
  load: ({ header }) => createMapper(new Map(header['synonyms'] as [string, string][] | undefined)),
}

function createMapper(synonyms: Map<string, string>): Component {
  return {
    train(messages, data, context) {
      for (const [text, value] of data.synonyms) addSynonym(synonyms, text, value, context)
      for (const { example } of messages) {
        for (const { start, end, value } of example.entities) {
          addSynonym(synonyms, example.text.slice(start, end), value, context)
        }
      }
    },
    process(message) {
      message.entities = message.entities.map(entity => {
        const value = synonyms.get(valueText(entity.value).toLowerCase())
        // Named as a processor also where the value stays what it was, as in Rasa.
        return value === undefined
          ? entity
          : { ...entity, value, processors: [...(entity.processors ?? []), NAME] }
      })
    },
    save: () => ({ header: { synonyms: [...synonyms] }, tensors: {} }),
  }
}

/** Every value is a synonym of itself too, so that BERLIN becomes Berlin without being listed. */
function addSynonym(
  synonyms: Map<string, string>,
  text: string,
  value: string,
  context: ComponentContext,
): void {
  if (text !== value) {
    const key = text.toLowerCase()
    const before = synonyms.get(key)
    if (before !== undefined && before !== value) {
      context.warn({
        severity: 'warning',
        code: 'nlu.synonym-conflict',
        message: `'${key}' is a synonym of '${before}' and of '${value}'; the later one, '${value}', counts.`,
        hint: 'Keep one of the two.',
      })
    }
    synonyms.set(key, value)
  }
  const own = value.toLowerCase()
  if (!synonyms.has(own)) synonyms.set(own, value)
}

/** A value as Python's str() gives it, for values that are no text. */
function valueText(value: JsonValue): string {
  if (typeof value === 'string') return value
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}
