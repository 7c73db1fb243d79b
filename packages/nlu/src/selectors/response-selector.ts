// Chooses among the responses of retrieval intents (`faq/price`, `faq/hours`) by the linear learner.

import { joinParts, type SavedPart, splitParts } from '@tabula/ml'
import type { IntentPrediction, JsonObject } from '@tabula/protocol'
import { IntentLearner } from '../classifiers/intent-learner.ts'
import { shorten } from '../classifiers/intent-ranking.ts'
import type { Component, ComponentContext, ComponentType, TrainingMessage } from '../component.ts'
import type { Message } from '../message.ts'
import type { NluTrainingData } from '../training-data.ts'
import { controlOf } from '../training-pause.ts'
import { SELECTOR_DEFAULTS } from './selector-defaults.ts'

export const responseSelector: ComponentType = {
  name: 'ResponseSelector',
  kinds: ['selector'],
  requires: ['featurizer'],
  defaults: SELECTOR_DEFAULTS,
  create: options => createSelector(options, null),
  load: (saved, options) => createSelector(options, loadLearned(saved)),
}

interface Learned {
  readonly retrievalIntents: readonly string[]
  /** The response keys to choose from, sorted. */
  readonly keys: readonly string[]
  /** Response key (`faq/price`) to its variations, in the order of the data. */
  readonly responses: readonly (readonly [key: string, variations: readonly JsonObject[]])[]
  /** null where there is a single key: that is always chosen. */
  readonly learner: IntentLearner | null
}

function createSelector(options: JsonObject, loaded: Learned | null): Component {
  let learned = loaded
  const wanted = options['retrieval_intent']
  const name = typeof wanted === 'string' ? wanted : 'default'
  return {
    async train(messages, data, context) {
      learned = await learn(messages, data, options, context)
    },
    process(message) {
      message.responseSelector = {
        ...message.responseSelector,
        all_retrieval_intents: learned?.retrievalIntents ?? [],
        [name]: learned === null ? NOTHING_CHOSEN : choose(message, learned, options),
      }
    },
    save: () => (learned === null ? { header: {}, tensors: {} } : saveLearned(learned)),
  }
}

/** What Rasa's selector says where the data has no retrieval intent that it is for. */
const NOTHING_CHOSEN: JsonObject = {
  response: { responses: null, confidence: 0, intent_response_key: null, utter_action: 'utter_None' },
  ranking: [],
}

/** null where the data has no retrieval intent that this selector is for. */
async function learn(
  messages: readonly TrainingMessage[],
  data: NluTrainingData,
  options: JsonObject,
  context: ComponentContext,
): Promise<Learned | null> {
  const wanted = options['retrieval_intent']
  const retrieval = messages.filter(({ example }) => example.intentResponseKey !== undefined)
  const own = retrieval.filter(
    ({ example }) => wanted === null || wanted === undefined || example.intent === wanted,
  )
  if (own.length === 0) return null
  const keyOf = ({ example }: TrainingMessage): string => example.intentResponseKey ?? ''
  return {
    retrievalIntents: [...new Set(retrieval.map(({ example }) => example.intent ?? ''))],
    keys: [...new Set(own.map(keyOf))].sort(),
    responses: [...data.responses].map(([action, variations]) => [action.replace(/^utter_/, ''), variations]),
    learner: await IntentLearner.train(own, keyOf, {
      ...controlOf(context, options['random_seed']),
      language: context.language,
    }),
  }
}

function choose(message: Message, { learner, keys, responses }: Learned, options: JsonObject): JsonObject {
  const ranked: readonly IntentPrediction[] = learner?.rank(message) ?? [
    { name: keys[0] ?? null, confidence: 1 },
  ]
  const ranking = shorten(ranked, options)
  const [top] = ranking
  const key = top?.name ?? ''
  const known = responses.find(([response]) => response === key)?.[1] ?? []
  return {
    response: {
      responses: known.length > 0 ? known : [{ text: key }],
      confidence: top?.confidence ?? 0,
      intent_response_key: key,
      utter_action: `utter_${key}`,
    },
    ranking: ranking.map(({ name, confidence = 0 }) => ({ confidence, intent_response_key: name })),
  }
}

function saveLearned({ learner, ...header }: Learned): SavedPart {
  return joinParts({
    selector: { header, tensors: {} },
    ...(learner === null ? {} : { learner: learner.save() }),
  })
}

function loadLearned(saved: SavedPart): Learned | null {
  const { selector, learner } = splitParts(saved)
  if (selector === undefined) return null
  return {
    ...(selector.header as unknown as Omit<Learned, 'learner'>),
    learner: learner === undefined ? null : IntentLearner.load(learner),
  }
}
