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

/** A classifier of intents by the linear learner; Rasa's options that shape its own learner are accepted and change nothing. */
export function linearIntentClassifier(name: string, defaults: JsonObject): ComponentType {
  return {
    name,
    kinds: ['classifier'],
    requires: ['featurizer'],
    defaults,
    create: options => createClassifier(name, options, null),
    load: (saved, options) =>
      createClassifier(
        name,
        options,
        Object.keys(saved.header).length === 0 ? null : IntentLearner.load(saved),
      ),
  }
}

function createClassifier(name: string, options: JsonObject, loaded: IntentLearner | null): Component {
  let learner = loaded
  return {
    async train(messages, _data, context) {
      learner = await IntentLearner.train(messages, intentOf, controlOf(context, options['random_seed']))
      if (learner === null) warnOfTooFewIntents(name, context)
    },
    process(message) {
      setIntent(message, learner, options)
    },
    save: () => learner?.save() ?? { header: {}, tensors: {} },
  }
}
