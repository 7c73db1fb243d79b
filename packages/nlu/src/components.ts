// The name table: which component a name in config.yml's pipeline means, and what became of older names.

import type { JsonObject } from '@tabula/protocol'
import { dietClassifier } from './classifiers/diet-classifier.ts'
import { fallbackClassifier } from './classifiers/fallback-classifier.ts'
import { keywordIntentClassifier } from './classifiers/keyword-intent-classifier.ts'
import {
  linearIntentClassifier,
  logisticRegressionClassifier,
} from './classifiers/logistic-regression-classifier.ts'
import { sklearnIntentClassifier } from './classifiers/sklearn-intent-classifier.ts'
import { nodeNlpClassifier } from './classifiers/node-nlp-classifier.ts'
import type { ComponentType } from './component.ts'
import { findCustomComponent } from './custom-components.ts'
import { crfEntityExtractor } from './extractors/crf-entity-extractor.ts'
import { ducklingEntityExtractor } from './extractors/duckling-entity-extractor.ts'
import { entitySynonymMapper } from './extractors/entity-synonym-mapper.ts'
import { mitieEntityExtractor } from './extractors/mitie-entity-extractor.ts'
import { regexEntityExtractor } from './extractors/regex-entity-extractor.ts'
import { spacyEntityExtractor } from './extractors/spacy-entity-extractor.ts'
import { countVectorsFeaturizer } from './featurizers/count-vectors-featurizer.ts'
import { lexicalSyntacticFeaturizer } from './featurizers/lexical-syntactic-featurizer.ts'
import { regexFeaturizer } from './featurizers/regex-featurizer.ts'
import { sentenceVectorFeaturizer } from './featurizers/sentence-vector-featurizer.ts'
import { responseSelector } from './selectors/response-selector.ts'
import { languageModelFeaturizer, vectorsBy } from './dense-stand-ins.ts'
import type { StandIn, StandInWords } from './stand-ins.ts'
import { doNothing, replaceBy } from './stand-ins.ts'
import { jiebaTokenizer } from './tokenizers/jieba-tokenizer.ts'
import { nodeNlpTokenizer } from './tokenizers/node-nlp-tokenizer.ts'
import { whitespaceTokenizer } from './tokenizers/whitespace-tokenizer.ts'

const COMPONENTS: readonly ComponentType[] = [
  whitespaceTokenizer,
  jiebaTokenizer,
  nodeNlpTokenizer,
  regexFeaturizer,
  lexicalSyntacticFeaturizer,
  countVectorsFeaturizer,
  sentenceVectorFeaturizer,
  dietClassifier,
  logisticRegressionClassifier,
  sklearnIntentClassifier,
  keywordIntentClassifier,
  nodeNlpClassifier,
  fallbackClassifier,
  crfEntityExtractor,
  regexEntityExtractor,
  ducklingEntityExtractor,
  entitySynonymMapper,
  responseSelector,
]

/** Mitie's classifier reads words alone, and says no more than the most likely intent. */
const UNRANKED = linearIntentClassifier(
  'LogisticRegressionClassifier',
  { num_threads: 1 },
  { requires: ['tokenizer'], isRanked: false },
)

const SPACY = 'spaCy'
const MITIE = 'MITIE'
const HUGGING_FACE = 'Hugging Face transformers'
const CONVERT = 'ConveRT'

/** The model of a library: nothing of ours needs it. */
function noModel(library: string): StandInWords {
  return {
    library,
    standsIn: 'nothing (the components behind it need no model)',
    differs: 'Nothing differs by its absence.',
    instead: 'the pipeline without it',
  }
}

function whitespaceFor(library: string): StandInWords {
  return {
    library,
    standsIn: 'WhitespaceTokenizer',
    differs: 'Words may be cut otherwise (as in "don\'t"), and have neither lemma nor part of speech.',
    instead: "'WhitespaceTokenizer', or 'NodeNlpTokenizer' for stems of words",
  }
}

const STAND_INS: readonly StandIn[] = [
  doNothing('SpacyNLP', ['model'], noModel(SPACY)),
  doNothing('MitieNLP', ['model'], noModel(MITIE)),
  doNothing('HFTransformersNLP', ['model'], noModel(HUGGING_FACE)),
  replaceBy('SpacyTokenizer', whitespaceTokenizer, whitespaceFor(SPACY)),
  replaceBy('MitieTokenizer', whitespaceTokenizer, whitespaceFor(MITIE)),
  replaceBy('ConveRTTokenizer', whitespaceTokenizer, whitespaceFor(CONVERT)),
  replaceBy('LanguageModelTokenizer', whitespaceTokenizer, whitespaceFor(HUGGING_FACE)),
  vectorsBy('SpacyFeaturizer', SPACY, { pooling: 'mean', alias: null }),
  vectorsBy('MitieFeaturizer', MITIE, { pooling: 'mean', alias: null }),
  vectorsBy('ConveRTFeaturizer', CONVERT, { model_url: null, alias: null }),
  languageModelFeaturizer,
  replaceBy('MitieIntentClassifier', UNRANKED, {
    library: MITIE,
    standsIn: 'the learner of LogisticRegressionClassifier',
    differs: 'Confidences are honest probabilities, where those of MITIE are not.',
    instead: "'LogisticRegressionClassifier' or 'DIETClassifier'",
  }),
  replaceBy('SpacyEntityExtractor', spacyEntityExtractor, {
    library: SPACY,
    standsIn: 'the library compromise for names (in English) and the embedded Duckling for dates and amounts',
    differs: 'Rarer names are missed, and in other languages all names of people and places.',
    instead: "annotated entities with 'DIETClassifier', and 'DucklingEntityExtractor' for dates and amounts",
  }),
  replaceBy('MitieEntityExtractor', mitieEntityExtractor, {
    library: MITIE,
    standsIn: 'a conditional random field over the annotated entities (without any: the library compromise)',
    differs: 'Entities that MITIE knew by its word vectors alone may be missed.',
    instead: "'CRFEntityExtractor' or 'DIETClassifier'",
  }),
  replaceBy('DucklingHTTPExtractor', ducklingEntityExtractor, {
    library: 'an older release of Rasa',
    standsIn: 'DucklingEntityExtractor',
    differs: 'Nothing differs but the name of the extractor in the answers.',
    instead: "'DucklingEntityExtractor'",
  }),
]

/** Names of older releases, and what to write instead. */
const FORMER_NAMES: Readonly<Record<string, string>> = {
  EmbeddingIntentClassifier: 'DIETClassifier',
  tokenizer_whitespace: 'WhitespaceTokenizer',
  tokenizer_jieba: 'JiebaTokenizer',
  tokenizer_spacy: 'SpacyTokenizer',
  tokenizer_mitie: 'MitieTokenizer',
  nlp_spacy: 'SpacyNLP',
  nlp_mitie: 'MitieNLP',
  intent_featurizer_count_vectors: 'CountVectorsFeaturizer',
  intent_featurizer_spacy: 'SpacyFeaturizer',
  intent_featurizer_mitie: 'MitieFeaturizer',
  intent_entity_featurizer_regex: 'RegexFeaturizer',
  intent_classifier_tensorflow_embedding: 'DIETClassifier',
  intent_classifier_sklearn: 'SklearnIntentClassifier',
  intent_classifier_keyword: 'KeywordIntentClassifier',
  intent_classifier_mitie: 'MitieIntentClassifier',
  ner_crf: 'CRFEntityExtractor',
  ner_spacy: 'SpacyEntityExtractor',
  ner_mitie: 'MitieEntityExtractor',
  ner_synonyms: 'EntitySynonymMapper',
  ner_duckling_http: 'DucklingEntityExtractor',
}

const TYPES = new Map(COMPONENTS.map(type => [type.name, type]))
const STANDING_IN = new Map(STAND_INS.map(standIn => [standIn.type.name, standIn]))

/** Every name that a pipeline may use, sorted. */
export const COMPONENT_NAMES: readonly string[] = [...TYPES.keys(), ...STANDING_IN.keys()].sort()

/** The component of a name, or null where there is none. */
export function findComponent(name: string): ComponentType | null {
  const key = shortName(name)
  return TYPES.get(key) ?? STANDING_IN.get(key)?.type ?? findCustomComponent(name)
}

/** What is said of a component whose own engine is not here; null for all others, and where the options bring the engine. */
export function standInOf(name: string, options: JsonObject): StandInWords | null {
  const standIn = STANDING_IN.get(shortName(name))
  return standIn === undefined || standIn.isAtHome?.(options) === true ? null : standIn.words
}

/** What to write instead of a name of an older release; null where there is no such name. */
export function formerName(name: string): string | null {
  return Object.hasOwn(FORMER_NAMES, name) ? (FORMER_NAMES[name] ?? null) : null
}

/** Rasa takes its own components by their full class path too: `rasa.nlu.tokenizers.whitespace_tokenizer.WhitespaceTokenizer`. */
function shortName(name: string): string {
  return name.startsWith('rasa.nlu.') ? name.slice(name.lastIndexOf('.') + 1) : name
}
