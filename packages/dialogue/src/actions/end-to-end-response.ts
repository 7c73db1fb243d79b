// An end-to-end answer: the action is the text itself.

import type { Action } from './action.ts'
import { createBotUtterance } from './bot-utterance.ts'

/** The action that says this text; its event has `action_text` and no name. */
export function createEndToEndResponse(text: string): Action {
  return {
    name: text,
    text,
    mayReject: false,
    *run() {
      return [createBotUtterance({ text })]
    },
  }
}
