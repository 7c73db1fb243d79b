// Says nlu_fallback where the best intent is too unsure, or the two best are too close.

import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component, ComponentType } from '../component.ts'

export const fallbackClassifier: ComponentType = {
  name: 'FallbackClassifier',
  kinds: ['classifier'],
  requires: ['classifier'],
  defaults: { threshold: 0.3, ambiguity_threshold: 0.1 },
  create: options => createFallback(options),
  load: (_saved, options) => createFallback(options),
}

function createFallback(options: JsonObject): Component {
  const threshold = readNumber(options, 'threshold')
  const ambiguity = readNumber(options, 'ambiguity_threshold')
  return {
    process(message) {
      // Rasa fails where no component gave an intent; here that is the lowest confidence there is.
      const confidence = message.intent?.confidence ?? 0
      const [first, second] = message.ranking ?? []
      const difference =
        first === undefined || second === undefined
          ? Infinity
          : (first.confidence ?? 1) - (second.confidence ?? 1)
      if (confidence >= threshold && difference >= ambiguity) return
      message.intent = { name: 'nlu_fallback', confidence: threshold }
      if (message.ranking !== null) {
        message.ranking = [{ name: 'nlu_fallback', confidence: threshold }, ...message.ranking]
      }
    },
    save: () => ({ header: {}, tensors: {} }),
  }
}

function readNumber(options: JsonObject, name: string): number {
  const value = options[name]
  if (typeof value === 'number') return value
  throw new CodedError('nlu.option', `${name} is ${JSON.stringify(value)}; it must be a number.`, {
    status: 400,
  })
}
