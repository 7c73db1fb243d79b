import test from 'ava'
import { createHash } from 'node:crypto'
import type { ActionCall, DomainJson } from '@tabula/protocol'
import { WholeFloat } from '@tabula/protocol'
import { CallBodies } from './call-body.ts'

const domain: DomainJson = {
  intents: ['greet'],
  slots: { price: { type: 'any', mappings: [], initial_value: new WholeFloat(5) } },
}

const call: ActionCall = {
  next_action: 'action_run',
  sender_id: 'ann',
  version: '3.6.21',
  domain,
  tracker: {
    sender_id: 'ann',
    slots: { n: 1 },
    latest_message: { intent: {}, entities: [] },
    latest_event_time: 1,
    followup_action: null,
    paused: false,
    events: null,
    latest_input_channel: null,
    active_loop: {},
    latest_action: {},
    latest_action_name: null,
  },
}

const read = (json: Buffer) => JSON.parse(json.toString()) as ActionCall

test('a call has Rasa’s keys and values; without a word of the server the domain is in each of them', t => {
  const bodies = new CallBodies(null)
  for (let count = 0; count < 2; count += 1) {
    const body = bodies.write(call)
    t.deepEqual(read(body.json), JSON.parse(JSON.stringify(call)))
    t.true(bodies.learn(body, {}))
  }
})

test('the domain stays out only while the server says that it keeps this very one', t => {
  const bodies = new CallBodies(null)
  const whole = bodies.write(call)
  const digest = whole.headers['x-domain-digest'] ?? ''
  t.is(
    digest,
    createHash('sha256')
      .update(JSON.stringify(read(whole.json).domain))
      .digest('hex'),
  )
  bodies.learn(whole, { 'x-domain-kept': 'another' })
  t.is(bodies.write(call).leftOut, null)
  bodies.learn(whole, { 'x-domain-kept': digest })
  const short = bodies.write(call)
  t.is(short.leftOut, digest)
  t.false('domain' in read(short.json))
  t.is(bodies.write({ ...call, domain: { intents: [] } }).leftOut, null, 'a new model has another domain')
  t.true(bodies.learn(short, { 'x-domain-kept': digest }))
  t.false(bodies.learn(short, {}), 'another server has answered')
  t.is(bodies.write(call).leftOut, null)
})

test('a call without a domain (enable_selective_domain) says nothing of one', t => {
  const { next_action, sender_id, version, tracker } = call
  const rest = { next_action, sender_id, version, tracker }
  t.deepEqual(new CallBodies(null).write(rest), {
    json: Buffer.from(JSON.stringify(rest)),
    headers: {},
    leftOut: null,
  })
})
