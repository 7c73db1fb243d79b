// Checks the order number while the form asks for it.

import { FormValidationAction } from '@tabula/action-sdk'
import type { JsonValue } from '@tabula/action-sdk'
import type { Bot, BotDispatcher } from './bot.ts'
import { readOrderNumber } from './order-number.ts'

export class ValidateOrderForm extends FormValidationAction<Bot> {
  readonly name = 'validate_order_form'

  validate_order_number(value: JsonValue, dispatcher: BotDispatcher) {
    const order_number = typeof value === 'string' ? readOrderNumber(value) : null
    if (order_number === null) {
      dispatcher.respond('utter_invalid_order_number', { order_number: value })
    }
    // null lets the form ask again.
    return { order_number }
  }
}
