// A custom action: called where it runs; its messages come before all of its events.

import type {
  ActionReply,
  ActionResponse,
  BotMessage,
  BotUttered,
  EventVerbosity,
  JsonObject,
  TrackerState,
} from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import type { Tracker } from '../tracker/tracker.ts'
import { callAction } from '../turn/ask.ts'
import type { Effectful } from '../turn/effects.ts'
import { ActionFailure, ActionRejection } from './action.ts'
import type { Action, Scene } from './action.ts'
import { generate } from './bot-response.ts'
import { createBotUtterance } from './bot-utterance.ts'
import { isFilled } from './is-filled.ts'

/** The version of Rasa that an action server is told it talks to. */
const VERSION = '3.6.21'

/** The action of that name, run elsewhere. */
export function createRemoteAction(name: string): Action {
  return {
    name,
    mayReject: true,
    *run(scene) {
      const { events, responses } = yield* call(scene, name)
      const said: BotUttered[] = []
      for (const response of responses) {
        const message = yield* draft(scene, response)
        if (message !== null) said.push(createBotUtterance(message))
      }
      return [...said, ...events]
    },
  }
}

function* call({ context, tracker, verbosity }: Scene, name: string): Effectful<ActionReply> {
  const outcome = yield* callAction({
    next_action: name,
    sender_id: tracker.senderId,
    tracker: stateFor(tracker, verbosity, context.domain),
    domain: context.domain.asDict(),
    version: VERSION,
  })
  switch (outcome.kind) {
    case 'done':
      return outcome.reply
    case 'rejected':
      throw new ActionRejection(outcome.message)
    case 'failed':
      throw new ActionFailure(outcome.message)
  }
}

/** Action servers of Rasa 1 run whole forms, and look for the active one under the name that it had then. */
function stateFor(tracker: Tracker, verbosity: EventVerbosity, { forms, userActions }: Domain): TrackerState {
  const state = tracker.toState(verbosity)
  if (![...forms.keys()].some(form => userActions.has(form))) return state
  const { activeLoop } = tracker
  if (activeLoop === null) return { ...state, active_form: {} }
  const { name, is_interrupted, rejected, trigger_message } = activeLoop
  const message = trigger_message as JsonObject | null
  return { ...state, active_form: { name, validate: !is_interrupted, rejected, trigger_message: message } }
}

/** The message of one response: the named response, if any, overlaid with what the action filled in; null = say nothing. */
function* draft(scene: Scene, response: ActionResponse): Effectful<BotMessage | null> {
  const { name, given } = named(response)
  const generated = isFilled(name) ? yield* generate(scene, name, variablesOf(given)) : {}
  if (!isFilled(generated) && isFilled(name)) return null
  const { buttons, ...own } = given
  return {
    ...generated,
    ...(isFilled(name) ? { utter_action: name } : {}),
    ...(isFilled(buttons) ? { buttons: [...(generated?.buttons ?? []), ...buttons] } : {}),
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => isFilled(value))),
  }
}

/** The response that is named: action servers of Rasa 1 name it `template`, where Rasa 3 would say nothing. */
function named({ response, ...given }: ActionResponse): {
  name: ActionResponse['response']
  given: BotMessage
} {
  const { template, ...rest } = given
  return isFilled(response) || !isFilled(template)
    ? { name: response, given }
    : { name: template, given: rest }
}

function variablesOf(given: BotMessage): JsonObject {
  return { ...given }
}
