// What the tea room's Python actions do, for the bots of Rasa 2.8 and 3.6: these call validators at other times, so that a
// tape of the one's calls does not fit the other.

import {
  type CollectingDispatcher,
  defineAction,
  FormValidationAction,
  type JsonValue,
  slotSet,
} from '@tabula/action-sdk'

const price = defineAction({
  name: 'action_price',
  run(dispatcher, tracker) {
    const tea = tracker.getSlot('tea')
    if (typeof tea !== 'string') {
      dispatcher.utterMessage({ text: 'Which tea do you mean?' })
      return []
    }
    dispatcher.utterMessage({ text: `A cup of ${tea} is 3 pounds.` })
    return [slotSet('price', 3)]
  },
})

const remember = defineAction({ name: 'action_remember', run: () => [slotSet('regular', true)] })

class ValidateOrderForm extends FormValidationAction {
  readonly name = 'validate_order_form'

  validate_size(value: JsonValue, dispatcher: CollectingDispatcher) {
    if (value === 'small' || value === 'large') return { size: value }
    dispatcher.utterMessage({ response: 'utter_wrong_size' })
    return { size: null }
  }
}

export const TEA_ROOM_ACTIONS = [price, remember, new ValidateOrderForm()]
