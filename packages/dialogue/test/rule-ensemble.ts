// A few rules that stand in for policies in tests: what follows an intent, and how forms run. No learning, no files.

import type { TrackerEvent } from '@tabula/protocol'
import type { EnsemblePrediction, PolicyEnsemble, Tracker } from '../src/index.ts'
import { noProbabilities } from '../src/policies/prediction.ts'

/** Actions after a message, by its intent; each ends with a listen. Forms run by themselves; `after` is what follows a form. */
export interface Rules {
  readonly intents: Readonly<Record<string, readonly string[]>>
  readonly after?: Readonly<Record<string, string>>
}

const DEFAULT_INTENTS = ['restart', 'back', 'session_start']

/** Predicts by these rules, and action_default_fallback with 0.3 where none fits. */
export function createRuleEnsemble(rules: Rules): PolicyEnsemble {
  return {
    predict(tracker) {
      const action = nextAction(rules, tracker)
      return predictionOf(action ?? 'action_default_fallback', action === null ? 0.3 : 1, tracker)
    },
  }
}

function nextAction({ intents, after = {} }: Rules, tracker: Tracker): string | null {
  const { latestActionName: latest, activeLoop: loop } = tracker
  const last = tracker.events.at(-1)
  const rejected = last?.event === 'action_execution_rejected' ? last.name : null
  const intent = tracker.latestMessage?.parse_data.intent.name ?? ''
  if (latest === 'action_listen' && DEFAULT_INTENTS.includes(intent)) return `action_${intent}`
  if (loop !== null && !loop.rejected) return latest === loop.name ? 'action_listen' : loop.name
  if (latest !== null && after[latest] !== undefined) return after[latest]
  if (latest !== null && Object.values(after).includes(latest)) return 'action_listen'
  const done = actionsSinceMessage(tracker)
  const known = intents[intent]
  if (known === undefined && done.length === 0) return null
  const planned = [...(known ?? []), ...(loop === null ? [] : [loop.name])]
  const isOnPlan = done.every((action, index) => planned[index] === action)
  const next = isOnPlan ? (planned[done.length] ?? 'action_listen') : null
  return next === rejected ? null : next
}

function actionsSinceMessage(tracker: Tracker): readonly string[] {
  const applied = tracker.appliedEvents()
  const start = applied.findLastIndex(event => event.event === 'user')
  return applied
    .slice(start + 1)
    .flatMap(event => (event.event === 'action' ? [event.name ?? event.action_text ?? ''] : []))
}

function predictionOf(action: string, confidence: number, tracker: Tracker): EnsemblePrediction {
  const featurization: TrackerEvent = { event: 'user_featurization', use_text_for_featurization: false }
  const probabilities = noProbabilities(tracker.domain)
  const index = tracker.domain.actionIndex(action)
  if (index !== undefined) probabilities[index] = confidence
  return {
    policy: 'RulePolicy',
    priority: 4,
    probabilities,
    mandatoryEvents: tracker.latestActionName === 'action_listen' ? [featurization] : [],
    optionalEvents: [],
    isEndToEnd: false,
    isNoUser: false,
    hideRuleTurn: confidence === 1,
    reason: { policy: 'RulePolicy', action, confidence },
    actionName: action,
    actionText: null,
    confidence,
    runnerUp: null,
  }
}
