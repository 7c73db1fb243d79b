// How to test the validation of a form: candidates stand at the end of the events, as the assistant puts them there.

import test from 'ava'
import { testAction } from '@tabula/action-sdk'
import { ValidateOrderForm } from './validate-order-form.ts'

const answer = (value: string) =>
  testAction(new ValidateOrderForm(), {
    activeLoop: 'order_form',
    events: [
      { event: 'action', name: 'order_form' },
      { event: 'slot', name: 'order_number', value },
    ],
    domain: { forms: { order_form: { required_slots: ['order_number'] } } },
  })

test('an order number goes into the books as it is printed', async t => {
  const { slots, messages } = await answer('tb 10235')
  t.deepEqual(slots, { order_number: 'TB-10235' })
  t.deepEqual(messages, [])
})

test('anything else is asked again, with what the customer had typed', async t => {
  const { slots, messages } = await answer('in my email')
  t.deepEqual(slots, { order_number: null })
  t.like(messages[0], { response: 'utter_invalid_order_number', order_number: 'in my email' })
})
