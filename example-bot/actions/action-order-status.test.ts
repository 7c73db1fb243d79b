// How to test an action: no server is needed, only what the action looks at.

import test from 'ava'
import { testAction } from '@tabula/action-sdk'
import { actionOrderStatus } from './action-order-status.ts'

const ask = (order_number: string | null) => testAction(actionOrderStatus, { slots: { order_number } })

test('a customer learns where the order is', async t => {
  t.regex((await ask('TB-10234')).texts.join(), /TB-10234 .*on its way/)
  t.regex((await ask('TB-10235')).texts.join(), /packed/)
  t.regex((await ask('TB-10236')).texts.join(), /delivered/)
})

test('a number that the shop does not know gets a way on, not a dead end', async t => {
  t.regex((await ask('TB-99999')).texts.join(), /no order TB-99999.*email/)
  t.regex((await ask(null)).texts.join(), /no order number.*email/)
})

test('the next question can be about another order', async t => {
  t.deepEqual((await ask('TB-10234')).slots, { order_number: null })
})
