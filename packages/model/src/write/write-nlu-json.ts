// NLU data as JSON, in Rasa's older form (`rasa_nlu_data`). Metadata and responses have no place in it.

import { codePointOffsets, type NluTrainingData } from '@tabula/nlu'
import { bySynonym } from './write-nlu-yaml.ts'

/** The file's text; offsets count code points, as Rasa's do. */
export function writeNluJson({ examples, synonyms, regexes, lookups }: NluTrainingData): string {
  const common = examples.map(({ text, intent, intentResponseKey, entities }) => {
    const pointOf = codePointOffsets(text)
    return {
      text,
      ...(intent === undefined ? {} : { intent: intentResponseKey ?? intent }),
      ...(entities.length === 0
        ? {}
        : {
            entities: entities.map(({ start, end, value, entity, role, group }) => ({
              start: pointOf(start),
              end: pointOf(end),
              value,
              entity,
              ...(role === undefined ? {} : { role }),
              ...(group === undefined ? {} : { group }),
            })),
          }),
    }
  })
  const data = {
    rasa_nlu_data: {
      common_examples: common,
      regex_features: regexes.map(({ name, pattern }) => ({ name, pattern })),
      lookup_tables: lookups.map(({ name, elements }) => ({ name, elements })),
      entity_synonyms: bySynonym(synonyms).map(([value, words]) => ({ value, synonyms: words })),
    },
  }
  return `${JSON.stringify(data, null, 2)}\n`
}
