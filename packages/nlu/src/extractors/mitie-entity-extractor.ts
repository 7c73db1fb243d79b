// What stands in for MitieEntityExtractor: a conditional random field over the annotated entities, as Rasa trains MITIE on
// them; where none are annotated, names by the rules that stand in for spaCy, under MITIE's labels.

import { type SavedPart, splitParts, joinParts } from '@tabula/ml'
import type { Entity } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from '../component.ts'
import { controlOf } from '../training-pause.ts'
import { addEntities, EntityTagger, type TaggerOptions } from './entity-tagger.ts'
import { findNamedEntities, type NamedEntity } from './named-entities.ts'
import { FULL_WINDOW } from './token-features.ts'

const NAME = 'MitieEntityExtractor'
const OPTIONS: TaggerOptions = { isBilou: true, window: FULL_WINDOW, splitByComma: () => true }
const LABELS: Readonly<Record<string, string>> = {
  PERSON: 'PERSON',
  ORG: 'ORGANIZATION',
  GPE: 'LOCATION',
  LOC: 'LOCATION',
  NORP: 'MISC',
}

export const mitieEntityExtractor: ComponentType = {
  name: NAME,
  kinds: ['extractor'],
  requires: ['tokenizer'],
  defaults: {},
  create: (_options, context) => createExtractor(null, context),
  load: (saved, _options, context) => createExtractor(loadTagger(saved), context),
}

function createExtractor(loaded: EntityTagger | null, { language }: ComponentContext): Component {
  let tagger = loaded
  return {
    async train(messages, _data, context) {
      tagger = await EntityTagger.train(messages, OPTIONS, controlOf(context))
    },
    process(message) {
      const found = tagger === null ? namesIn(message.text, language) : tagger.find(message, NAME)
      return addEntities(message, found instanceof Promise ? found.then(plain) : plain(found))
    },
    save: () => (tagger === null ? { header: {}, tensors: {} } : joinParts({ tagger: tagger.save() })),
  }
}

function namesIn(text: string, language: string): Entity[] | Promise<Entity[]> {
  const rename = (found: readonly NamedEntity[]): Entity[] =>
    found.flatMap(({ label, start, end }): Entity[] => {
      const entity = LABELS[label]
      return entity === undefined
        ? []
        : [{ entity, start, end, value: text.slice(start, end), extractor: NAME }]
    })
  const found = findNamedEntities(text, language, NAME)
  return found instanceof Promise ? found.then(rename) : rename(found)
}

/** Rasa gives MITIE's entities no key of confidence but this one, and neither roles nor groups. */
function plain(entities: readonly Entity[]): Entity[] {
  return entities.map(({ entity, value, start = 0, end = 0 }) => ({
    entity,
    value,
    start,
    end,
    confidence: null,
    extractor: NAME,
  }))
}

function loadTagger(saved: SavedPart): EntityTagger | null {
  const { tagger } = splitParts(saved)
  return tagger === undefined ? null : EntityTagger.load(tagger, OPTIONS)
}
