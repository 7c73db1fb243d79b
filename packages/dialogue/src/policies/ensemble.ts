// The ensemble: of all policies' predictions the best one, with the events of all of them.

import type { TrackerEvent } from '@tabula/protocol'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { EnsemblePrediction, Policy, PolicyEnsemble, PolicyPrediction, PolicyReason } from './policy.ts'
import { indexOfMax, noProbabilities } from './prediction.ts'

/** Policies as one: a loop's happy path first, then end-to-end answers, then confidence, priority, and the config's order. */
export function createEnsemble(policies: readonly Policy[], domain: Domain): PolicyEnsemble {
  return {
    predict(tracker) {
      const predictions = policies.map(policy => policy.predict(tracker))
      const rejected = rejectedAction(tracker)
      const index = rejected === null ? undefined : domain.actionIndex(rejected)
      if (index !== undefined) for (const { probabilities } of predictions) probabilities[index] = 0
      return combine(predictions, tracker, domain)
    },
  }
}

/** The action whose execution was rejected, if nothing was executed since. */
function rejectedAction(tracker: Tracker): string | null {
  const last = tracker.events.findLast(
    ({ event }) => event === 'action' || event === 'action_execution_rejected',
  )
  return last?.event === 'action_execution_rejected' ? last.name : null
}

function combine(
  predictions: readonly PolicyPrediction[],
  tracker: Tracker,
  domain: Domain,
): EnsemblePrediction {
  const isNoUser = predictions.some(prediction => prediction.isNoUser)
  const isEndToEnd = predictions.some(prediction => prediction.isEndToEnd)
  const competing = predictions.filter(
    prediction => prediction.isNoUser === isNoUser && (isNoUser || prediction.isEndToEnd === isEndToEnd),
  )
  const [best, ...others] = competing
    .map(prediction => ({ prediction, ...likeliest(prediction) }))
    // Stable: ties stay in the config's order.
    .sort((a, b) => b.confidence - a.confidence || b.prediction.priority - a.prediction.priority)
  const winner = best?.prediction ?? nothing(domain)
  const { index, confidence } = best ?? likeliest(winner)
  const action = domain.actions[index] ?? ACTION_LISTEN
  const firstText = domain.actions.length - domain.endToEndActions.length
  return {
    ...winner,
    mandatoryEvents: [
      ...predictions.flatMap(prediction => prediction.mandatoryEvents),
      ...winner.optionalEvents,
      ...(tracker.latestActionName === ACTION_LISTEN ? [featurization(winner.isEndToEnd)] : []),
    ],
    optionalEvents: [],
    actionName: action,
    actionText: index >= firstText ? action : null,
    confidence,
    reason: { ...winner.reason, action, confidence },
    runnerUp: runnerUp([winner, ...others.map(({ prediction }) => prediction)], index, domain),
  }
}

function likeliest({ probabilities }: PolicyPrediction): {
  readonly index: number
  readonly confidence: number
} {
  const index = indexOfMax(probabilities)
  return { index, confidence: probabilities[index] ?? 0 }
}

/** Says whether the message counted by its text or by its intent. */
function featurization(useText: boolean): TrackerEvent {
  return { event: 'user_featurization', use_text_for_featurization: useText }
}

/** The best action besides the chosen one, by any policy that competed; null where none had a probability. */
function runnerUp(
  competing: readonly PolicyPrediction[],
  chosen: number,
  domain: Domain,
): PolicyReason | null {
  let best: PolicyReason | null = null
  for (const { policy, probabilities, reason } of competing) {
    let index = -1
    let confidence: number = best?.confidence ?? 0
    for (let other = 0; other < probabilities.length; other += 1) {
      const probability = probabilities[other] ?? 0
      if (other === chosen || probability <= confidence) continue
      index = other
      confidence = probability
    }
    if (index < 0) continue
    const action = domain.actions[index] ?? ''
    const source = reason.action === action ? reason.source : undefined
    best = { policy, action, confidence, ...(source === undefined ? {} : { source }) }
  }
  return best
}

/** Without a single policy nothing is ever done but listen. */
function nothing(domain: Domain): PolicyPrediction {
  return {
    policy: '',
    priority: 0,
    probabilities: noProbabilities(domain),
    mandatoryEvents: [],
    optionalEvents: [],
    isEndToEnd: false,
    isNoUser: false,
    hideRuleTurn: false,
    reason: { policy: '', action: ACTION_LISTEN, confidence: 0 },
  }
}
