// utter_<retrieval intent>: says the response that the response selector chose for the message.

import type { JsonObject, JsonValue } from '@tabula/protocol'
import { ActionFailure } from './action.ts'
import type { Action } from './action.ts'
import { utter } from './bot-response.ts'

/** The action of a retrieval intent; `utter_faq` says `utter_faq/opening` when that was selected. */
export function createRetrieveResponse(name: string): Action {
  return {
    name,
    mayReject: false,
    *run(scene) {
      const message = scene.tracker.latestMessage
      if (message === null) return []
      const selected = selectedResponse(message.parse_data.response_selector, retrievalIntentOf(name))
      if (selected === null) {
        throw new ActionFailure(`${name}: no response selector chose a response for this message.`)
      }
      return yield* utter(scene, selected)
    },
  }
}

/** The intent that a retrieval action answers: `faq` for `utter_faq`. */
export function retrievalIntentOf(action: string): string {
  return action.split('utter_')[1] ?? ''
}

function selectedResponse(selectors: JsonObject | undefined, intent: string): string | null {
  const selector = objectAt(selectors, intent) ?? objectAt(selectors, 'default')
  const chosen = objectAt(selector, 'response')?.['utter_action']
  return typeof chosen === 'string' ? chosen : null
}

function objectAt(value: JsonObject | undefined, key: string): JsonObject | undefined {
  const found = value?.[key]
  return isObject(found) ? found : undefined
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
