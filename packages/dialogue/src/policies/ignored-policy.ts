// A policy that a config may name and that predicts nothing here: it is accepted with a warning, so that the project trains.

import type { SavedPart } from '@tabula/ml'
import type { Problem } from '@tabula/protocol'
import type { Policy } from './policy.ts'
import type { PolicyType } from './policy-type.ts'
import { numberOption } from './options.ts'
import { predictionOf } from './prediction.ts'

const NOTHING_LEARNED: SavedPart = { header: {}, tensors: {} }

/** A type that takes every option, says why it does nothing, and never predicts an action. */
export function ignoredPolicy(name: string, priority: number, reason: string): PolicyType {
  const warning: Problem = {
    severity: 'warning',
    code: 'policy.ignored',
    message: `'${name}' predicts nothing: ${reason}.`,
  }
  return {
    name,
    defaults: { priority },
    acceptsAnyOption: true,
    check: () => [warning],
    train: () => NOTHING_LEARNED,
    load(_saved, options, { domain }): Policy {
      const policy = { name, priority: numberOption(options, 'priority', priority) }
      return {
        ...policy,
        predict: () => predictionOf(policy, new Float64Array(domain.actions.length), domain, undefined),
        save: () => NOTHING_LEARNED,
      }
    },
  }
}
