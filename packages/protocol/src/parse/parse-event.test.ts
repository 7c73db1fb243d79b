import test from 'ava'
import { CodedError } from '../errors.ts'
import { parseEvent, parseEvents } from './parse-event.ts'

test('an action that names only itself becomes a whole event, as Rasa stores it', t => {
  t.deepEqual(parseEvent({ event: 'action', name: 'utter_hi', timestamp: null, extra: 1 }), {
    event: 'action',
    name: 'utter_hi',
    policy: null,
    confidence: null,
    action_text: null,
    hide_rule_turn: false,
  })
})

test('a user event gets its parse data filled from the event, and what was understood on top', t => {
  const event = parseEvent({
    event: 'user',
    timestamp: 3.5,
    text: 'hi',
    parse_data: {
      intent: { name: 'greet', confidence: 0.9 },
      entities: [{ entity: 'x', value: 1, role: null }],
    },
  })
  t.deepEqual(event, {
    event: 'user',
    timestamp: 3.5,
    metadata: {},
    text: 'hi',
    parse_data: {
      intent: { name: 'greet', confidence: 0.9 },
      entities: [{ entity: 'x', value: 1, role: null }],
      text: 'hi',
      message_id: null,
      metadata: {},
    },
    input_channel: null,
    message_id: null,
  })
})

test('trackers of older versions can still be read: form and form_validation', t => {
  t.deepEqual(parseEvent({ event: 'form', name: 'book' }), { event: 'active_loop', name: 'book' })
  t.deepEqual(parseEvent({ event: 'form_validation', validate: false }), {
    event: 'loop_interrupted',
    is_interrupted: true,
  })
  t.deepEqual(parseEvent({ event: 'form_validation' }), { event: 'loop_interrupted', is_interrupted: false })
})

test('a bot event keeps just the data that it was sent with', t => {
  t.deepEqual(parseEvent({ event: 'bot', text: 'hi' }), { event: 'bot', metadata: {}, text: 'hi', data: {} })
})

test('a reminder without a name gets one of its own', t => {
  const event = parseEvent({ event: 'reminder', intent: 'wake', date_time: '2030-01-01T10:00:00' })
  t.true(event.event === 'reminder' && event.name.length > 30 && event.kill_on_user_msg)
})

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ['an unknown event', { event: 'slto', name: 'a', value: 1 }, /no event 'slto'.*Known are: .*slot/],
  ['an event without a kind', { name: 'a' }, /'event'/],
  ['no object', 'slot', /found "slot", expected an object/],
  ['a slot without a value', { event: 'slot', name: 'a' }, /expected the key 'value'/],
  [
    'a slot whose name is a number',
    { event: 'slot', name: 1, value: 1 },
    /at \/name: found 1, expected string/,
  ],
  ['an action of no name and no text', { event: 'action' }, /neither name nor action_text/],
  ['a reminder at no date', { event: 'reminder', intent: 'a', date_time: 'soon' }, /ISO 8601/],
  [
    'a prototype as key',
    JSON.parse('{"event":"slot","name":"a","value":{"__proto__":{}}}'),
    /at \/value.*__proto__/,
  ],
  ['a number without bounds', JSON.parse('{"event":"slot","name":"a","value":1e999}'), /finite/],
]

for (const [what, value, message] of refused) {
  test(`a client is told what is wrong with ${what}`, t => {
    const error = t.throws(() => parseEvent(value), { instanceOf: CodedError, message })
    t.is(error.status, 400)
  })
}

test('of a list of events the wrong one is named', t => {
  t.throws(() => parseEvents([{ event: 'restart' }, { event: 'slot' }]), { message: /Event \/1/ })
  t.throws(() => parseEvents({ event: 'restart' }), { message: /expected a list/ })
})

test('a value nested without end is refused, not followed', t => {
  const deep: unknown = JSON.parse('['.repeat(5000) + ']'.repeat(5000))
  t.throws(() => parseEvent({ event: 'slot', name: 'a', value: deep }), { message: /more than 64 levels/ })
})
