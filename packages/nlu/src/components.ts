// The name table: which component a name in config.yml's pipeline means, and what became of older names.

import { dietClassifier } from './classifiers/diet-classifier.ts'
import { fallbackClassifier } from './classifiers/fallback-classifier.ts'
import { keywordIntentClassifier } from './classifiers/keyword-intent-classifier.ts'
import {
  linearIntentClassifier,
  logisticRegressionClassifier,
} from './classifiers/logistic-regression-classifier.ts'
import { sklearnIntentClassifier } from './classifiers/sklearn-intent-classifier.ts'
import type { ComponentType } from './component.ts'
import { crfEntityExtractor } from './extractors/crf-entity-extractor.ts'
import { entitySynonymMapper } from './extractors/entity-synonym-mapper.ts'
import { regexEntityExtractor } from './extractors/regex-entity-extractor.ts'
import { countVectorsFeaturizer } from './featurizers/count-vectors-featurizer.ts'
import { lexicalSyntacticFeaturizer } from './featurizers/lexical-syntactic-featurizer.ts'
import { regexFeaturizer } from './featurizers/regex-featurizer.ts'
import { responseSelector } from './selectors/response-selector.ts'
import type { StandIn } from './stand-ins.ts'
import { doNothing, replaceBy } from './stand-ins.ts'
import { jiebaTokenizer } from './tokenizers/jieba-tokenizer.ts'
import { whitespaceTokenizer } from './tokenizers/whitespace-tokenizer.ts'

const COMPONENTS: readonly ComponentType[] = [
  whitespaceTokenizer,
  jiebaTokenizer,
  regexFeaturizer,
  lexicalSyntacticFeaturizer,
  countVectorsFeaturizer,
  dietClassifier,
  logisticRegressionClassifier,
  sklearnIntentClassifier,
  keywordIntentClassifier,
  fallbackClassifier,
  crfEntityExtractor,
  regexEntityExtractor,
  entitySynonymMapper,
  responseSelector,
]

/** Mitie's classifier reads words alone, and says no more than the most likely intent. */
const UNRANKED = linearIntentClassifier(
  'LogisticRegressionClassifier',
  { num_threads: 1 },
  { requires: ['tokenizer'], isRanked: false },
)

/** Classifiers make sparse features of the text themselves, so these need none of their own. */
const OWN_FEATURES = 'the sparse features that classifiers make of the text take its place'

const STAND_INS: readonly StandIn[] = [
  doNothing('SpacyNLP', ['model'], 'it loads nothing'),
  doNothing('MitieNLP', ['model'], 'it loads nothing'),
  doNothing('HFTransformersNLP', ['model'], 'it loads nothing'),
  replaceBy('SpacyTokenizer', whitespaceTokenizer),
  replaceBy('MitieTokenizer', whitespaceTokenizer),
  replaceBy('ConveRTTokenizer', whitespaceTokenizer),
  replaceBy('LanguageModelTokenizer', whitespaceTokenizer),
  doNothing('SpacyFeaturizer', ['featurizer'], OWN_FEATURES),
  doNothing('MitieFeaturizer', ['featurizer'], OWN_FEATURES),
  doNothing('ConveRTFeaturizer', ['featurizer'], OWN_FEATURES),
  doNothing('LanguageModelFeaturizer', ['featurizer'], OWN_FEATURES),
  replaceBy('MitieIntentClassifier', UNRANKED),
  doNothing('SpacyEntityExtractor', ['extractor'], 'it finds no entities yet'),
  doNothing('MitieEntityExtractor', ['extractor'], 'it finds no entities yet'),
  doNothing('DucklingEntityExtractor', ['extractor'], 'it finds no entities yet'),
  doNothing('DucklingHTTPExtractor', ['extractor'], 'it finds no entities yet'),
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
  return TYPES.get(key) ?? STANDING_IN.get(key)?.type ?? null
}

/** What takes the place of a component whose own engine is not here; null for all others. */
export function standInOf(name: string): string | null {
  return STANDING_IN.get(shortName(name))?.says ?? null
}

/** What to write instead of a name of an older release; null where there is no such name. */
export function formerName(name: string): string | null {
  return Object.hasOwn(FORMER_NAMES, name) ? (FORMER_NAMES[name] ?? null) : null
}

/** Rasa takes its own components by their full class path too: `rasa.nlu.tokenizers.whitespace_tokenizer.WhitespaceTokenizer`. */
function shortName(name: string): string {
  return name.startsWith('rasa.nlu.') ? name.slice(name.lastIndexOf('.') + 1) : name
}
