// Builds the predictions that policies give.

import type { JsonObject } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import type { Conversation } from './conversation.ts'
import type { PolicyPrediction, PolicyReason } from './policy.ts'

/** A prediction of one action; every other action has the probability that `base` gives it, zero where it is absent. */
export function predictionOf(
  policy: { readonly name: string; readonly priority: number },
  probabilities: number[],
  domain: Domain,
  source: PolicyReason['source'],
  flags: Partial<PolicyPrediction> = {},
): PolicyPrediction {
  const best = indexOfMax(probabilities)
  return {
    policy: policy.name,
    priority: policy.priority,
    probabilities,
    mandatoryEvents: [],
    optionalEvents: [],
    isEndToEnd: false,
    isNoUser: false,
    hideRuleTurn: false,
    reason: {
      policy: policy.name,
      action: domain.actions[best] ?? '',
      confidence: probabilities[best] ?? 0,
      ...(source === undefined ? {} : { source }),
    },
    ...flags,
  }
}

/** A probability of zero for each action. A plain array: the memory of a typed one is dear, and one is made a policy and step. */
export function noProbabilities({ actions }: Domain): number[] {
  return new Array<number>(actions.length).fill(0)
}

/** Index of the first of the largest numbers; 0 for none. */
export function indexOfMax(numbers: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < numbers.length; index += 1)
    if ((numbers[index] ?? 0) > (numbers[best] ?? 0)) best = index
  return best
}

/** 1, or the confidence of the latest message's intent where the policy is told to use that. */
export function scoreOf(conversation: Conversation, options: JsonObject): number {
  if (options['use_nlu_confidence_as_score'] !== true) return 1
  return conversation.latestMessage?.parse_data.intent.confidence ?? 1
}
