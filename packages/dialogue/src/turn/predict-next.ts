// What comes next in a conversation: its followup action, else what the policies say.

import { CodedError } from '@tabula/protocol'
import { ACTION_LISTEN } from '../domain/default-names.ts'
import type { Domain } from '../domain/domain.ts'
import type { EnsemblePrediction, PolicyReason } from '../policies/policy.ts'
import { noProbabilities } from '../policies/prediction.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { TurnContext } from './context.ts'
import type { Effectful } from './effects.ts'
import type { Decision } from './run-action.ts'
import type { TurnLog } from './turn-log.ts'

/** The policy name of an action that an action asked for, instead of a policy. */
const FOLLOWUP_POLICY = 'followup_action'

/** What the dialogue would do next; probabilities stand in the domain's order of actions. */
export interface NextPrediction {
  readonly probabilities: ArrayLike<number>
  readonly policy: string | null
  readonly confidence: number
}

/** The prediction without running it; null for a model without dialogue. */
export function predictNext(
  { domain, policies }: Pick<TurnContext, 'domain' | 'policies'>,
  tracker: Tracker,
): NextPrediction | null {
  if (policies === null) return null
  const followup = tracker.followupAction
  const index = followup === null ? undefined : domain.actionIndex(followup)
  if (index === undefined) return policies.predict(tracker)
  const probabilities = noProbabilities(domain)
  probabilities[index] = 1
  return { probabilities, policy: FOLLOWUP_POLICY, confidence: 1 }
}

/** A decision with what a turn must know besides. */
export interface NextStep extends Decision {
  readonly isEndToEnd: boolean
}

/** The next action of a turn, and why. A followup that the domain does not know is passed over with a word in the log. */
export function* decide(turn: TurnLog): Effectful<NextStep> {
  const { domain, policies } = turn.context
  const followup = turn.takeFollowup()
  if (followup !== null) {
    if (domain.actionIndex(followup) !== undefined) return followupStep(followup)
    yield {
      kind: 'log',
      level: 'error',
      code: 'turn.unknown-followup',
      message: unknownFollowup(followup, domain),
    }
  }
  if (policies === null) {
    throw new CodedError('turn.no-policies', 'This model was trained without dialogue: it has no policies.')
  }
  return policyStep(policies.predict(turn.tracker), turn.tracker)
}

function followupStep(action: string): NextStep {
  const chosen: PolicyReason = {
    policy: FOLLOWUP_POLICY,
    action,
    confidence: 1,
    source: { kind: 'followup' },
  }
  return {
    action,
    policy: FOLLOWUP_POLICY,
    confidence: 1,
    hideRuleTurn: false,
    events: [],
    isEndToEnd: false,
    reason: { chosen, runnerUp: null },
  }
}

function policyStep(prediction: EnsemblePrediction, tracker: Tracker): NextStep {
  const { policy, confidence, hideRuleTurn, isEndToEnd, actionMetadata, reason, runnerUp } = prediction
  return {
    action: prediction.actionText ?? prediction.actionName,
    policy,
    confidence,
    hideRuleTurn,
    events: [...prediction.mandatoryEvents, ...prediction.optionalEvents],
    isEndToEnd,
    ...(actionMetadata === undefined ? {} : { actionMetadata }),
    reason: { chosen: reason, runnerUp, ...heardBy(tracker, isEndToEnd) },
  }
}

/** What was said, where the bot has listened since its last action. */
function heardBy(tracker: Tracker, isEndToEnd: boolean): { readonly heard?: string } {
  const message = tracker.latestActionName === ACTION_LISTEN ? tracker.latestMessage : null
  if (message === null) return {}
  const intent = message.parse_data.intent.name
  return isEndToEnd || (intent ?? null) === null
    ? { heard: `the words "${(message.text ?? '').slice(0, 60)}"` }
    : { heard: `intent ${intent}` }
}

function unknownFollowup(name: string, { actions }: Domain): string {
  return `The followup action '${name}' is not in the domain; policies decide instead. Known are ${actions.join(', ')}.`
}
