// Asks whether the likeliest intent was meant. Bots with real users give this name to an action or response of their own.

import { ActionFailure } from './action.ts'
import type { Action } from './action.ts'
import { createBotUtterance } from './bot-utterance.ts'

const NAME = 'action_default_ask_affirmation'

export const actionDefaultAskAffirmation: Action = {
  name: NAME,
  mayReject: false,
  *run({ tracker }) {
    const message = tracker.latestMessage
    if (message === null) throw new ActionFailure(`${NAME}: there is no message of the user to ask about.`)
    const { intent, intent_ranking: ranking = [] } = message.parse_data
    const understood = intent.name ?? null
    const [, second] = ranking
    // The first of the ranking is nlu_fallback itself.
    const likeliest = understood === 'nlu_fallback' && second !== undefined ? second.name : understood
    return [
      createBotUtterance({
        text: `Did you mean '${likeliest ?? 'None'}'?`,
        buttons: [
          { title: 'Yes', payload: `/${likeliest ?? 'None'}` },
          { title: 'No', payload: '/out_of_scope' },
        ],
        utter_action: NAME,
      }),
    ]
  },
}
