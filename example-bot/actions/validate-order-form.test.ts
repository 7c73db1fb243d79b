import test from 'ava'
import { CollectingDispatcher } from '@tabula/action-sdk'
import { ValidateOrderForm } from './validate-order-form.ts'

test('an order number goes into the books as it is printed', t => {
  const dispatcher = new CollectingDispatcher()
  t.deepEqual(new ValidateOrderForm().validate_order_number('tb 10235', dispatcher), {
    order_number: 'TB-10235',
  })
  t.deepEqual(dispatcher.messages, [])
})

test('anything else is asked again, with what the customer had typed', t => {
  const dispatcher = new CollectingDispatcher()
  t.deepEqual(new ValidateOrderForm().validate_order_number('in my email', dispatcher), {
    order_number: null,
  })
  t.like(dispatcher.messages[0], {
    response: 'utter_invalid_order_number',
    order_number: 'in my email',
  })
})
