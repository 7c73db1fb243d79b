// SklearnIntentClassifier: the linear learner under Rasa's name and options.

import { linearIntentClassifier } from './logistic-regression-classifier.ts'

export const sklearnIntentClassifier = linearIntentClassifier('SklearnIntentClassifier', {
  C: [1, 2, 5, 10, 20, 100],
  gamma: [0.1],
  kernels: ['linear'],
  max_cross_validation_folds: 5,
  scoring_function: 'f1_weighted',
  num_threads: 1,
})
