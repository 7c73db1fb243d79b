import test from 'ava'
import { parseActionCall, parseActionReply } from './parse-action.ts'

test("an action server's reply is read with its lists left out, and its events made whole", t => {
  t.deepEqual(parseActionReply({}), { events: [], responses: [] })
  t.deepEqual(
    parseActionReply({
      events: [{ event: 'slot', timestamp: null, name: 'a', value: [1] }],
      responses: [{ text: 'hi', buttons: [], custom: {}, template: null, response: null, image: null }],
    }),
    {
      events: [{ event: 'slot', name: 'a', value: [1] }],
      responses: [{ text: 'hi', buttons: [], custom: {}, template: null, response: null, image: null }],
    },
  )
})

test('a reply that Rasa would refuse is refused, with the place', t => {
  for (const reply of [null, [], { events: null }, { events: [1] }, { responses: ['hi'] }]) {
    t.throws(() => parseActionReply(reply), { code: 'input.invalid' })
  }
  t.throws(() => parseActionReply({ events: [{ event: 'slot', name: 'a' }] }), {
    message: /Event \/events\/0/,
  })
  const many = Array.from({ length: 1001 }, () => ({ event: 'pause' }))
  t.throws(() => parseActionReply({ events: many }), { code: 'input.too-large' })
})

test('a call is read with what Rasa always sends, and with what a test leaves out', t => {
  const call = parseActionCall({
    next_action: 'action_x',
    sender_id: 'a',
    tracker: { sender_id: 'a', slots: { n: 1 }, events: [{ event: 'restart', timestamp: 1 }] },
    domain: { intents: [] },
    version: '3.6.21',
  })
  t.is(call.tracker.slots['n'], 1)
  t.deepEqual(call.domain, { intents: [] })
  t.is(parseActionCall({}).next_action, '')
  t.is(parseActionCall({}).tracker.sender_id, 'default')
})
