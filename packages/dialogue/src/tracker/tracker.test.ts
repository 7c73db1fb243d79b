// The tracker against recordings of Rasa, and rules that hold for every sequence of events.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DomainJson, LoggedEvent, TrackerState } from '@tabula/protocol'
import test from 'ava'
import fc from 'fast-check'
import { Domain } from '../domain/domain.ts'
import { Tracker } from './tracker.ts'

const golden = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/conformance/golden')
const bots = ['concertbot', 'financial-demo', 'formbot', 'moodbot', 'reminderbot', 'rules']

interface Recorded {
  readonly domain: DomainJson
  readonly conversations: readonly {
    readonly id: string
    readonly tracker: { readonly body: TrackerState }
  }[]
}

for (const bot of bots) {
  const file = join(golden, `${bot}.golden.json`)
  const recorded = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded) : null
  const held = recorded === null ? test.skip : test

  held(`${bot}: the domain shows itself as Rasa's does`, t => {
    t.deepEqual(Domain.fromJson(recorded?.domain ?? {}).asDict(), recorded?.domain)
  })

  held(`${bot}: recorded events add up to the tracker that Rasa showed`, t => {
    const domain = Domain.fromJson(recorded?.domain ?? {})
    for (const { id, tracker } of recorded?.conversations ?? []) {
      const events = (tracker.body.events ?? []) as readonly LoggedEvent[]
      const state = Tracker.fromEvents(tracker.body.sender_id, domain, events).toWholeState('ALL')
      t.deepEqual(state, tracker.body, id)
    }
  })
}

const domain = Domain.fromJson({
  intents: ['greet', 'book'],
  slots: {
    city: { type: 'text', mappings: [] },
    list: { type: 'list', mappings: [] },
    level: { type: 'float', initial_value: 0.5, mappings: [] },
  },
  forms: { trip_form: { required_slots: ['city'] } },
  responses: { utter_hi: [{ text: 'Hi' }] },
  actions: ['action_run'],
})

const body = fc.oneof(
  fc.constantFrom('greet', 'book').map(name => ({
    event: 'user' as const,
    text: `/${name}`,
    parse_data: { intent: { name, confidence: 1 }, entities: [] },
    input_channel: 'rest',
    message_id: 'm',
  })),
  fc.constantFrom('action_listen', 'utter_hi', 'trip_form', 'action_run').map(name => ({
    event: 'action' as const,
    name,
    policy: null,
    confidence: 1,
    action_text: null,
    hide_rule_turn: false,
  })),
  fc
    .constantFrom('city', 'list', 'level', 'unknown')
    .chain(name =>
      fc.constantFrom(null, 'Rome', 1, ['a']).map(value => ({ event: 'slot' as const, name, value })),
    ),
  fc.constantFrom('trip_form', null).map(name => ({ event: 'active_loop' as const, name })),
  fc.constant({ event: 'user_featurization' as const, use_text_for_featurization: false }),
  fc.constant({
    event: 'action_execution_rejected' as const,
    name: 'trip_form',
    policy: null,
    confidence: null,
  }),
  fc.constant({ event: 'loop_interrupted' as const, is_interrupted: true }),
  fc
    .constantFrom('restart', 'rewind', 'undo', 'reset_slots', 'pause', 'resume', 'session_started')
    .map(event => ({ event }) as { readonly event: 'restart' }),
)
const conversation = fc
  .array(body, { maxLength: 60 })
  .map(events => events.map((event, index): LoggedEvent => ({ ...event, timestamp: index })))

test('a conversation that is cut anywhere and continued elsewhere ends the same, in state and for policies', t => {
  fc.assert(
    fc.property(conversation, fc.nat(60), (events, cut) => {
      const whole = Tracker.fromEvents('a', domain, events)
      const parts = Tracker.fromEvents('a', domain, events.slice(0, cut))
      parts.states()
      for (const event of events.slice(cut)) {
        parts.apply(event)
        parts.states()
      }
      parts.settle()
      t.deepEqual(parts.toState('ALL'), whole.toState('ALL'))
      t.deepEqual(parts.states(), whole.states())
    }),
  )
})

test('the applied events alone give the states that policies saw', t => {
  fc.assert(
    fc.property(conversation, events => {
      const whole = Tracker.fromEvents('a', domain, events)
      const last = whole.states().at(-1)
      const replayed = Tracker.fromEvents('a', domain, whole.appliedEvents())
      t.deepEqual(replayed.states().at(-1), last)
    }),
  )
})

test('until gives the tracker as it was at that moment', t => {
  fc.assert(
    fc.property(conversation, fc.nat(60), (events, cut) => {
      const then = Tracker.fromEvents('a', domain, events.slice(0, cut + 1)).toWholeState('ALL')
      t.deepEqual(Tracker.fromEvents('a', domain, events).toWholeState('ALL', cut), then)
    }),
  )
})
