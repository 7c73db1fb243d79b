// An ensemble that answers as the recorded one did: with the next action of the recorded events.

import type { LoggedEvent, TrackerEvent } from '@tabula/protocol'
import type { EnsemblePrediction, PolicyEnsemble, Tracker } from '../src/index.ts'

/** Predicts what comes next in `recorded` after as many events as the tracker has; throws where nothing comes. */
export function createRecordedEnsemble(recorded: readonly LoggedEvent[]): PolicyEnsemble {
  return {
    predict(tracker) {
      const rest = recorded.slice(tracker.events.length)
      const at = rest.findIndex(
        event => event.event === 'action' || event.event === 'action_execution_rejected',
      )
      const event = rest[at]
      if (event?.event === 'action') return predictionOf(event, rest.slice(0, at))
      if (event?.event === 'action_execution_rejected') {
        return predictionOf(
          { ...event, action_text: null, hide_rule_turn: false },
          featurizationAfter(tracker),
        )
      }
      throw new Error(`nothing was predicted after event ${tracker.events.length}`)
    },
  }
}

interface RecordedAction {
  readonly name: string | null
  readonly action_text: string | null
  readonly policy: string | null
  readonly confidence: number | null
  readonly hide_rule_turn: boolean
}

function predictionOf(action: RecordedAction, before: readonly TrackerEvent[]): EnsemblePrediction {
  if (action.policy === null || action.policy === 'followup_action') {
    throw new Error(`no policy predicted ${action.name ?? ''}`)
  }
  const name = action.name ?? action.action_text ?? ''
  const confidence = action.confidence ?? 0
  return {
    policy: action.policy,
    priority: 1,
    probabilities: [],
    mandatoryEvents: before.map(withoutStamp),
    optionalEvents: [],
    isEndToEnd: false,
    isNoUser: false,
    hideRuleTurn: action.hide_rule_turn,
    reason: { policy: action.policy, action: name, confidence },
    actionName: name,
    actionText: action.action_text,
    confidence,
    runnerUp: null,
  }
}

/** What policies said before a rejection was not recorded; after a listen it is this. */
function featurizationAfter(tracker: Tracker): readonly TrackerEvent[] {
  return tracker.latestActionName === 'action_listen'
    ? [{ event: 'user_featurization', use_text_for_featurization: false }]
    : []
}

function withoutStamp({ timestamp: _time, metadata: _metadata, ...event }: TrackerEvent): TrackerEvent {
  return event
}
