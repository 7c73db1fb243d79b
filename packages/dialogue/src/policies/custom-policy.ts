// Policies of a project's own: classes that config.yml names by a path, as Rasa names Python's.

import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import type { Tracker } from '../tracker/tracker.ts'
import { numberOption } from './options.ts'
import { registerPolicy } from './policies.ts'
import type { Policy } from './policy.ts'
import type { PolicyTraining } from './policy-type.ts'
import { noProbabilities, predictionOf } from './prediction.ts'

/** What a project's class is; its constructor takes the options of config.yml laid over its defaults. */
export interface CustomPolicyClass {
  new (options: JsonObject): CustomPolicy
  /** Names and defaults of its options; `priority` is 1 where it is not among them. */
  readonly defaults?: JsonObject
}

export interface CustomPolicy {
  /** Learns from stories and rules; what it gives back is stored in the model as JSON. */
  train?(training: Pick<PolicyTraining, 'domain' | 'trackers' | 'seed'>): JsonObject | Promise<JsonObject>
  /** Takes what `train` gave, in every process that loads the model. */
  restore?(learned: JsonObject): void
  /** The confidence, from 0 to 1, of each action that it knows something of; null for none. */
  predict(tracker: Tracker, domain: Domain): Readonly<Record<string, number>> | null
}

/**
 * Makes a class known under the path that config.yml names it by; a later one of the same path takes its place. In events it
 * goes by its own name, as in Rasa. Throws CodedError for a class without `predict`.
 */
export function registerPolicyClass(path: string, type: CustomPolicyClass): void {
  const prototype = type.prototype as Partial<CustomPolicy> | undefined
  if (typeof prototype?.predict !== 'function')
    throw new CodedError(
      'config.custom-class',
      `The policy '${path}' has no method predict(tracker, domain).`,
      {
        status: 400,
      },
    )
  const name = path.slice(path.lastIndexOf('.') + 1)
  registerPolicy({
    name: path,
    defaults: { priority: 1, ...type.defaults },
    check: () => [],
    async train({ options, domain, trackers, seed }) {
      const learned = await new type(options).train?.({ domain, trackers, seed })
      return { header: { learned: learned ?? null }, tensors: {} }
    },
    load(saved, options, { domain }): Policy {
      const own = new type(options)
      const learned = saved.header['learned'] as JsonObject | null | undefined
      if (learned !== null && learned !== undefined) own.restore?.(learned)
      const policy = { name, priority: numberOption(options, 'priority', 1) }
      return {
        ...policy,
        save: () => saved,
        predict: tracker => {
          const confidences = own.predict(tracker, domain) ?? {}
          return predictionOf(policy, probabilitiesOf(path, confidences, domain), domain, { kind: 'score' })
        },
      }
    },
  })
}

function probabilitiesOf(
  path: string,
  confidences: Readonly<Record<string, number>>,
  domain: Domain,
): number[] {
  const probabilities = noProbabilities(domain)
  for (const [action, confidence] of Object.entries(confidences)) {
    const index = domain.actionIndex(action)
    if (index === undefined || !(confidence >= 0 && confidence <= 1))
      throw new CodedError(
        'policy.prediction',
        `The policy '${path}' gives the action '${action}' a confidence of ${confidence}: ${
          index === undefined ? 'the domain has no such action' : 'it must be from 0 to 1'
        }.`,
      )
    probabilities[index] = confidence
  }
  return probabilities
}
