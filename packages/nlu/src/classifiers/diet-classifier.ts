// DIETClassifier: intents by the linear learner and entities by conditional random fields. More accurate than the network
// that Rasa trains under this name on the sets it was measured on, and trained in seconds (docs say with which figures).

import { joinParts, type SavedPart, splitParts } from '@tabula/ml'
import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'
import { addEntities, EntityTagger, type TaggerOptions } from '../extractors/entity-tagger.ts'
import { warnOfMisalignedEntities } from '../extractors/misaligned-entities.ts'
import { readSplitByComma } from '../extractors/tagged-spans.ts'
import { FULL_WINDOW } from '../extractors/token-features.ts'
import { controlOf } from '../training-pause.ts'
import { DIET_DEFAULTS } from './diet-defaults.ts'
import { IntentLearner } from './intent-learner.ts'
import { intentOf, setIntent, warnOfTooFewIntents } from './intent-ranking.ts'

const NAME = 'DIETClassifier'

export const dietClassifier: ComponentType = {
  name: NAME,
  kinds: ['classifier', 'extractor'],
  requires: ['featurizer'],
  defaults: DIET_DEFAULTS,
  create: options => createDiet(options, { learner: null, tagger: null }),
  load: (saved, options) => createDiet(options, loadDiet(saved, options)),
}

interface Learned {
  readonly learner: IntentLearner | null
  readonly tagger: EntityTagger | null
}

function createDiet(options: JsonObject, loaded: Learned): Component {
  let { learner, tagger } = loaded
  const settings = taggerOptions(options)
  const classifies = options['intent_classification'] !== false
  const recognizes = options['entity_recognition'] !== false
  return {
    async train(messages, _data, context) {
      const control = controlOf(context, options['random_seed'])
      if (classifies) {
        learner = await IntentLearner.train(messages, intentOf, {
          ...control,
          language: context.language,
        })
        if (learner === null) warnOfTooFewIntents(NAME, context)
      }
      if (recognizes) {
        warnOfMisalignedEntities(messages, context)
        tagger = await EntityTagger.train(messages, settings, control)
      }
    },
    process(message) {
      if (classifies) setIntent(message, learner, options)
      return tagger === null ? undefined : addEntities(message, tagger.find(message, NAME))
    },
    save: () =>
      joinParts({
        ...(learner === null ? {} : { intents: learner.save() }),
        ...(tagger === null ? {} : { entities: tagger.save() }),
      }),
  }
}

function loadDiet(saved: SavedPart, options: JsonObject): Learned {
  const { intents, entities } = splitParts(saved)
  return {
    learner: intents === undefined ? null : IntentLearner.load(intents),
    tagger: entities === undefined ? null : EntityTagger.load(entities, taggerOptions(options)),
  }
}

function taggerOptions(options: JsonObject): TaggerOptions {
  return {
    isBilou: options['BILOU_flag'] !== false,
    window: FULL_WINDOW,
    splitByComma: readSplitByComma(options['split_entities_by_comma']),
  }
}
