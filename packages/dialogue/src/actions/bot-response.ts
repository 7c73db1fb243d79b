// Says a response of the domain, or of the NLG server where there is one.

import type { BotMessage, BotUttered, JsonObject } from '@tabula/protocol'
import { generateResponse, responseId } from '../response/generate-response.ts'
import { askNlg } from '../turn/ask.ts'
import type { Effectful } from '../turn/effects.ts'
import type { Action, Scene } from './action.ts'
import { createBotUtterance } from './bot-utterance.ts'

/** The action that says the response of its own name. */
export function createBotResponse(name: string): Action {
  return {
    name,
    mayReject: false,
    *run(scene) {
      return yield* utter(scene, name)
    },
  }
}

/** The event of saying a response; none where it has no variation to say, which the log is told unless it is optional. */
export function* utter(
  scene: Scene,
  response: string,
  { isOptional = false }: { readonly isOptional?: boolean } = {},
): Effectful<readonly BotUttered[]> {
  const message = yield* generate(scene, response, {})
  if (message !== null) return [createBotUtterance({ ...message, utter_action: response })]
  if (!isOptional) {
    yield {
      kind: 'log',
      level: 'error',
      code: 'response.none',
      message: `No variation of the response ${response} can be said here.`,
    }
  }
  return []
}

/** The message of a response with the slots and `variables` filled in; null where there is nothing to say. */
export function* generate(
  { context, tracker }: Scene,
  name: string,
  variables: JsonObject,
): Effectful<BotMessage | null> {
  const { responses } = context.domain
  const channel = context.outputChannel
  const request = { responses, name, slots: tracker.slots, variables, channel }
  const fromDomain = (): BotMessage | null => generateResponse({ ...request, random: context.random })
  if (!context.remoteNlg) return fromDomain()
  const remote = yield* askNlg({
    response: name,
    id: responseId(request),
    arguments: variables,
    tracker: tracker.toState('ALL'),
    channel: { name: channel },
  })
  // Rasa's action fails where the NLG server is away, and the user gets no answer.
  return remote === undefined ? fromDomain() : remote
}
