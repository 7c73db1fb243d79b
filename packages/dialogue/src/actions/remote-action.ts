// A custom action: called where it runs; its messages come before all of its events.

import type { ActionReply, ActionResponse, BotMessage, BotUttered, JsonObject } from '@tabula/protocol'
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
    tracker: tracker.toState(verbosity),
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

/** The message of one response: the named response, if any, overlaid with what the action filled in; null = say nothing. */
function* draft(scene: Scene, response: ActionResponse): Effectful<BotMessage | null> {
  const { response: name, ...given } = response
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

function variablesOf(given: BotMessage): JsonObject {
  return { ...given }
}
