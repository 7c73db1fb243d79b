// LogisticRegressionClassifier: the linear learner under Rasa's name and options.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'
import { controlOf } from '../training-pause.ts'
import { IntentLearner } from './intent-learner.ts'
import { intentOf, setIntent, warnOfTooFewIntents } from './intent-ranking.ts'

export const logisticRegressionClassifier = linearIntentClassifier('LogisticRegressionClassifier', {
  class_weight: 'balanced',
  max_iter: 100,
  solver: 'lbfgs',
  tol: 1e-4,
  random_state: 42,
  ranking_length: 10,
})

interface Variant {
  readonly requires?: ComponentType['requires']
  /** false: the ranking stays as it was, as with MitieIntentClassifier. */
  readonly isRanked?: boolean
}

/** A classifier of intents by the linear learner; Rasa's options that shape its own learner are accepted and change nothing. */
export function linearIntentClassifier(
  name: string,
  defaults: JsonObject,
  { requires = ['featurizer'], isRanked = true }: Variant = {},
): ComponentType {
  return {
    name,
    kinds: ['classifier'],
    requires,
    defaults,
    create: options => createClassifier(name, options, isRanked, null),
    load: (saved, options) =>
      createClassifier(
        name,
        options,
        isRanked,
        Object.keys(saved.header).length === 0 ? null : IntentLearner.load(saved),
      ),
  }
}

function createClassifier(
  name: string,
  options: JsonObject,
  isRanked: boolean,
  loaded: IntentLearner | null,
): Component {
  let learner = loaded
  return {
    async train(messages, _data, context) {
      learner = await IntentLearner.train(messages, intentOf, {
        ...controlOf(context, options['random_state']),
        language: context.language,
      })
      if (learner === null) warnOfTooFewIntents(name, context)
    },
    process(message) {
      const { ranking } = message
      setIntent(message, learner, options)
      if (!isRanked) message.ranking = ranking
    },
    save: () => learner?.save() ?? { header: {}, tensors: {} },
  }
}
