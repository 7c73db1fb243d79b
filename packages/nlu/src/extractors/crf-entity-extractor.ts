// CRFEntityExtractor: entities by a conditional random field over the features that the config names.

import type { JsonObject, JsonValue } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'
import { controlOf } from '../training-pause.ts'
import { addEntities, EntityTagger, type TaggerOptions } from './entity-tagger.ts'
import { warnOfMisalignedEntities } from './misaligned-entities.ts'
import { readSplitByComma } from './tagged-spans.ts'
import { FEATURE_NAMES, type FeatureWindow } from './token-features.ts'

const NAME = 'CRFEntityExtractor'

export const crfEntityExtractor: ComponentType = {
  name: NAME,
  kinds: ['extractor'],
  requires: ['tokenizer'],
  // Rasa fits by L-BFGS; the options that shape that are accepted and change nothing.
  defaults: {
    BILOU_flag: true,
    split_entities_by_comma: true,
    features: [
      ['low', 'title', 'upper'],
      [
        'low',
        'bias',
        'prefix5',
        'prefix2',
        'suffix5',
        'suffix3',
        'suffix2',
        'upper',
        'title',
        'digit',
        'pattern',
      ],
      ['low', 'title', 'upper'],
    ],
    max_iterations: 50,
    L1_c: 0.1,
    L2_c: 0.1,
    featurizers: [],
  },
  create: options => createExtractor(options, null),
  load: (saved, options) =>
    createExtractor(
      options,
      Object.keys(saved.header).length === 0 ? null : EntityTagger.load(saved, taggerOptions(options)),
    ),
}

function createExtractor(options: JsonObject, loaded: EntityTagger | null): Component {
  let tagger = loaded
  const settings = taggerOptions(options)
  return {
    async train(messages, _data, context) {
      warnOfMisalignedEntities(messages, context)
      tagger = await EntityTagger.train(messages, settings, controlOf(context))
    },
    process: message => (tagger === null ? undefined : addEntities(message, tagger.find(message, NAME))),
    save: () => tagger?.save() ?? { header: {}, tensors: {} },
  }
}

function taggerOptions(options: JsonObject): TaggerOptions {
  return {
    isBilou: options['BILOU_flag'] !== false,
    window: readWindow(options['features']),
    splitByComma: readSplitByComma(options['split_entities_by_comma']),
  }
}

function readWindow(value: JsonValue | undefined): FeatureWindow {
  const lists: readonly unknown[] = Array.isArray(value) ? value : []
  const isValid =
    lists.length % 2 === 1 &&
    lists.every(
      names => Array.isArray(names) && names.every((name: unknown) => FEATURE_NAMES.includes(String(name))),
    )
  if (isValid) return lists as FeatureWindow
  throw new CodedError(
    'nlu.option',
    `features is ${JSON.stringify(value)}; it must be an odd number of lists, for the words before, at and after a place, of these names: ${FEATURE_NAMES.join(', ')}.`,
    { status: 400 },
  )
}
