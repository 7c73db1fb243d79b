// What a name means: an action of the bot's own, one of Rasa's, a response, a form, or an end-to-end answer.

import { CodedError } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import { actionBack } from './action-back.ts'
import { actionDeactivateLoop } from './action-deactivate-loop.ts'
import { actionDefaultAskAffirmation } from './action-default-ask-affirmation.ts'
import { actionDefaultAskRephrase } from './action-default-ask-rephrase.ts'
import { actionDefaultFallback } from './action-default-fallback.ts'
import { actionExtractSlots } from './action-extract-slots.ts'
import { actionListen } from './action-listen.ts'
import { actionRestart } from './action-restart.ts'
import { actionRevertFallbackEvents } from './action-revert-fallback-events.ts'
import { actionSessionStart } from './action-session-start.ts'
import { actionTwoStageFallback } from './action-two-stage-fallback.ts'
import { actionUnlikelyIntent } from './action-unlikely-intent.ts'
import type { Action } from './action.ts'
import { createBotResponse } from './bot-response.ts'
import { createEndToEndResponse } from './end-to-end-response.ts'
import { createFormAction } from './form-action.ts'
import { createRemoteAction } from './remote-action.ts'
import { createRetrieveResponse, retrievalIntentOf } from './retrieve-response.ts'

const DEFAULTS: ReadonlyMap<string, Action> = new Map(
  [
    actionListen,
    actionRestart,
    actionSessionStart,
    actionDefaultFallback,
    actionDeactivateLoop,
    actionRevertFallbackEvents,
    actionDefaultAskAffirmation,
    actionDefaultAskRephrase,
    actionTwoStageFallback,
    actionUnlikelyIntent,
    actionBack,
    actionExtractSlots,
  ].map(action => [action.name, action]),
)

/** The action of this name or end-to-end text; throws CodedError `turn.unknown-action` where the domain has none. */
export function findAction(domain: Domain, name: string): Action {
  if (domain.actionIndex(name) === undefined) throw unknownAction(domain, name)
  const isOwn = domain.userActions.has(name)
  const byDefault = DEFAULTS.get(name)
  if (byDefault !== undefined && !isOwn && !domain.forms.has(name)) return byDefault
  const isSpoken = name.startsWith('utter_')
  if (isSpoken && domain.intents.get(retrievalIntentOf(name))?.isRetrieval === true) {
    return createRetrieveResponse(name)
  }
  if (domain.endToEndActions.includes(name)) return createEndToEndResponse(name)
  if (isSpoken) return createBotResponse(name)
  return domain.forms.has(name) && !isOwn ? createFormAction(name) : createRemoteAction(name)
}

function unknownAction(domain: Domain, name: string): CodedError {
  return new CodedError(
    'turn.unknown-action',
    `The domain has no action '${name}'. It has ${domain.actions.join(', ')}.`,
    { status: 400 },
  )
}
