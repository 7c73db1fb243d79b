import test from 'ava'
import { CollectingDispatcher, Tracker } from '@tabula/action-sdk'
import type { JsonValue } from '@tabula/action-sdk'
import { actionOrderStatus } from './action-order-status.ts'

async function ask(order_number: JsonValue) {
  const dispatcher = new CollectingDispatcher()
  const tracker = new Tracker({
    sender_id: 'ann',
    slots: { order_number },
    latest_message: { intent: {}, entities: [] },
    latest_event_time: null,
    followup_action: null,
    paused: false,
    events: [],
    latest_input_channel: null,
    active_loop: {},
    latest_action: {},
    latest_action_name: null,
  })
  const events = await actionOrderStatus.run(dispatcher, tracker, {})
  return { text: dispatcher.messages.map(message => message.text).join(' '), events }
}

test('a customer learns where the order is', async t => {
  t.regex((await ask('TB-10234')).text, /TB-10234 .*on its way/)
  t.regex((await ask('TB-10235')).text, /packed/)
  t.regex((await ask('TB-10236')).text, /delivered/)
})

test('a number that the shop does not know gets a way on, not a dead end', async t => {
  t.regex((await ask('TB-99999')).text, /no order TB-99999.*email/)
  t.regex((await ask(null)).text, /no order number.*email/)
})

test('the next question can be about another order', async t => {
  t.deepEqual((await ask('TB-10234')).events, [
    { event: 'slot', timestamp: null, name: 'order_number', value: null },
  ])
})
