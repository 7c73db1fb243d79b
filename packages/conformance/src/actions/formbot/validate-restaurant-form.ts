// formbot's validation, written for this SDK to do what the tape of the Python one shows.

import { FormValidationAction } from '@tabula/action-sdk'
import type { CollectingDispatcher, JsonValue } from '@tabula/action-sdk'

const CUISINES = ['caribbean', 'chinese', 'french', 'greek', 'indian', 'italian', 'mexican']

export class ValidateRestaurantForm extends FormValidationAction {
  readonly name = 'validate_restaurant_form'

  validate_cuisine(value: JsonValue, dispatcher: CollectingDispatcher) {
    if (typeof value === 'string' && CUISINES.includes(value.toLowerCase())) return { cuisine: value }
    dispatcher.respond('utter_wrong_cuisine')
    return { cuisine: null }
  }

  /** The text stays as it was said: "2", not 2. */
  validate_num_people(value: JsonValue, dispatcher: CollectingDispatcher) {
    if (typeof value !== 'object' && /^\s*\d+\s*$/.test(String(value)) && Number(value) > 0) {
      return { num_people: value }
    }
    dispatcher.respond('utter_wrong_num_people')
    return { num_people: null }
  }

  validate_outdoor_seating(value: JsonValue, dispatcher: CollectingDispatcher) {
    if (typeof value !== 'string') return { outdoor_seating: value }
    if (value.includes('out')) return { outdoor_seating: true }
    if (value.includes('in')) return { outdoor_seating: false }
    dispatcher.respond('utter_wrong_outdoor_seating')
    return { outdoor_seating: null }
  }
}
