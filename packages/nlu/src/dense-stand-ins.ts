// What stands in for featurizers of dense vectors: the sentence vectors where their packages are installed and the bot speaks
// English, else nothing of its own, because the classifiers make sparse features and word vectors of the text themselves.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from './component.ts'
import {
  hasLocalEncoder,
  LANGUAGE_MODEL_DEFAULTS,
  onnxFeaturizer,
} from './featurizers/language-model-featurizer.ts'
import { hasSentenceVectors, sentenceVectorFeaturizer } from './featurizers/sentence-vector-featurizer.ts'
import type { StandIn } from './stand-ins.ts'

/** A featurizer of vectors by a Python library. */
export function vectorsBy(name: string, library: string, defaults: JsonObject): StandIn {
  return {
    words: wordsFor(library),
    type: featurizerType(name, defaults, () => null),
  }
}

/** LanguageModelFeaturizer: at home with a local encoder. */
export const languageModelFeaturizer: StandIn = {
  words: wordsFor('Hugging Face transformers'),
  isAtHome: hasLocalEncoder,
  type: featurizerType('LanguageModelFeaturizer', LANGUAGE_MODEL_DEFAULTS, options =>
    hasLocalEncoder(options) ? onnxFeaturizer : null,
  ),
}

function wordsFor(library: string): StandIn['words'] {
  const isInstalled = hasSentenceVectors()
  return {
    library,
    standsIn: isInstalled
      ? 'SentenceVectorFeaturizer (for English; other languages: the features that classifiers make of the text)'
      : 'the sparse features and word vectors that classifiers make of the text themselves',
    differs: 'Intents that only meaning tells apart, not words, may be taken for one another.',
    instead: isInstalled
      ? "'SentenceVectorFeaturizer'"
      : "'SentenceVectorFeaturizer' (with its packages installed), or LanguageModelFeaturizer with model_weights: <folder of an ONNX encoder> and onnxruntime-node installed,",
  }
}

function featurizerType(
  name: string,
  defaults: JsonObject,
  own: (options: JsonObject) => ComponentType | null,
): ComponentType {
  const chosen = (options: JsonObject, { language }: ComponentContext): ComponentType | null =>
    own(options) ?? (language.startsWith('en') && hasSentenceVectors() ? sentenceVectorFeaturizer : null)
  return {
    name,
    kinds: ['featurizer'],
    requires: [],
    defaults,
    create: (options, context) => chosen(options, context)?.create(options, context) ?? IDLE,
    load: (saved, options, context) => chosen(options, context)?.load(saved, options, context) ?? IDLE,
  }
}

const IDLE: Component = { process: () => undefined, save: () => ({ header: {}, tensors: {} }) }
