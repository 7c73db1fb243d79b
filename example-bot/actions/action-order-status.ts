// Answers where an order is.

import { defineAction, slotSet } from './bot.ts'
import { readOrderNumber } from './order-number.ts'
import type { Order } from './orders.ts'
import { findOrder } from './orders.ts'

export const actionOrderStatus = defineAction({
  name: 'action_order_status',
  run(dispatcher, tracker) {
    const given = tracker.slots.order_number
    const number = given === null ? null : readOrderNumber(given)
    const order = number === null ? null : findOrder(number)
    dispatcher.utterMessage({ text: order === null ? unknown(number) : describe(order) })
    // The next question is about another order.
    return [slotSet('order_number', null)]
  },
})

function describe({ number, state, items }: Order): string {
  switch (state) {
    case 'packed':
      return `Your order ${number} (${items}) is packed and leaves our warehouse on the next working day.`
    case 'on its way':
      return `Your order ${number} (${items}) is on its way. It should be with you within two working days.`
    case 'delivered':
      return `Your order ${number} (${items}) was delivered. If you have not got it, ask your neighbours first, then ask me for a person.`
  }
}

function unknown(number: string | null): string {
  const found = number === null ? 'I have no order number to look for.' : `I find no order ${number}.`
  return `${found} Please look at the email that confirmed your order: the number stands at its top. An order from the last few minutes may not be in our books yet.`
}
