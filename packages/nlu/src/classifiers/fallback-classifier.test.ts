import test from 'ava'
import type { IntentPrediction } from '@tabula/protocol'
import { createMessage } from '../message.ts'
import { fallbackClassifier } from './fallback-classifier.ts'

const context = { language: 'en', index: 0, seed: 1, warn: () => undefined }

function decide(ranking: readonly IntentPrediction[] | null, intent: IntentPrediction | null, options = {}) {
  const message = { ...createMessage('x'), ranking, intent }
  void fallbackClassifier.create({ ...fallbackClassifier.defaults, ...options }, context).process(message)
  return { intent: message.intent, ranking: message.ranking }
}

test('a sure intent stays', t => {
  const ranking = [
    { name: 'a', confidence: 0.5 },
    { name: 'b', confidence: 0.4 - 1e-9 },
  ]
  t.deepEqual(decide(ranking, { name: 'a', confidence: 0.5 }), {
    intent: { name: 'a', confidence: 0.5 },
    ranking,
  })
})

test('an unsure one gives way to nlu_fallback, at the threshold and ahead of the ranking', t => {
  const fallback = { name: 'nlu_fallback', confidence: 0.7 }
  const a = { name: 'a', confidence: 0.5 }
  t.deepEqual(decide([a], a, { threshold: 0.7 }), { intent: fallback, ranking: [fallback, a] })
})

test('so do two that are too close', t => {
  const ranking = [
    { name: 'a', confidence: 0.5 },
    { name: 'b', confidence: 0.45 },
  ]
  t.is(decide(ranking, { name: 'a', confidence: 0.5 }).intent?.name, 'nlu_fallback')
})

test('without a ranking there is none afterwards, and without an intent the message still has an answer', t => {
  t.deepEqual(decide(null, { name: null, confidence: 0 }), {
    intent: { name: 'nlu_fallback', confidence: 0.3 },
    ranking: null,
  })
  t.is(decide(null, null).intent?.name, 'nlu_fallback')
})

test('a threshold that is no number is refused', t => {
  t.throws(() => fallbackClassifier.create({ threshold: 'high', ambiguity_threshold: 0.1 }, context), {
    message: /threshold is "high"; it must be a number/,
  })
})
