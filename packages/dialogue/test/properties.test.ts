// What holds for every conversation, whatever happens in it.

import { CodedError, type LoggedEvent, type TrackerEvent } from '@tabula/protocol'
import test from 'ava'
import fc from 'fast-check'
import { Domain, handleMessage, Tracker, triggerIntent } from '../src/index.ts'
import { drive } from './drive.ts'
import { trainBot } from './train-bot.ts'

const DOMAIN = {
  intents: ['greet', 'order', 'inform', 'stop'],
  entities: ['size'],
  slots: {
    size: { type: 'text', mappings: [{ type: 'from_entity' as const, entity: 'size' }] },
    count: { type: 'float', initial_value: 1, mappings: [] },
  },
  forms: { pizza_form: { required_slots: ['size'] } },
  actions: ['action_custom', 'validate_pizza_form'],
  responses: Object.fromEntries(
    ['utter_greet', 'utter_ask_size', 'utter_done', 'utter_default', 'utter_stop'].map(name => [
      name,
      [{ text: `${name} {size}` }],
    ]),
  ),
}
const RULES = `
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
  - action: action_custom
- rule: order
  steps:
  - intent: order
  - action: pizza_form
  - active_loop: pizza_form
- rule: done
  condition:
  - active_loop: pizza_form
  steps:
  - action: pizza_form
  - active_loop: null
  - slot_was_set:
    - requested_slot: null
  - action: utter_done
`
const domain = Domain.fromJson(DOMAIN)
const name = (...names: readonly string[]) => fc.constantFrom(...names)
const actions = name('utter_greet', 'pizza_form', 'action_listen', 'action_session_start', 'no_such_action')

/** Any JSON may be a slot's value. */
function slotSet(name: string, value: unknown): TrackerEvent {
  return { event: 'slot', name, value: value as string }
}

const event: fc.Arbitrary<TrackerEvent> = fc.oneof(
  fc
    .record({ intent: name('greet', 'order', 'inform', 'back', 'unknown'), size: fc.option(fc.string()) })
    .map(({ intent, size }): TrackerEvent => ({
      event: 'user',
      text: `/${intent}`,
      parse_data: {
        text: `/${intent}`,
        intent: { name: intent, confidence: 1 },
        entities: size === null ? [] : [{ entity: 'size', value: size }],
      },
      input_channel: 'rest',
      message_id: 'm',
    })),
  fc.record({ action: actions, hidden: fc.boolean() }).map(({ action, hidden }): TrackerEvent => ({
    ...{ event: 'action', name: action, policy: null, confidence: 1, action_text: null },
    hide_rule_turn: hidden,
  })),
  fc
    .record({ slot: name('size', 'count', 'requested_slot', 'unknown'), json: fc.json() })
    .map(({ slot, json }): TrackerEvent => slotSet(slot, JSON.parse(json))),
  name('restart', 'rewind', 'undo', 'reset_slots', 'pause', 'resume', 'session_started').map(
    kind => ({ event: kind }) as TrackerEvent,
  ),
  fc
    .option(name('pizza_form', 'other_loop'))
    .map((loop): TrackerEvent => ({ event: 'active_loop', name: loop })),
  fc.boolean().map((is_interrupted): TrackerEvent => ({ event: 'loop_interrupted', is_interrupted })),
  actions.map((action): TrackerEvent => ({
    ...{ event: 'action_execution_rejected', name: action, policy: null, confidence: 1 },
  })),
  actions.map((action): TrackerEvent => ({ event: 'followup', name: action })),
  fc.boolean().map((use): TrackerEvent => ({ event: 'user_featurization', use_text_for_featurization: use })),
)
const events = fc
  .array(event, { maxLength: 40 })
  .map(list => list.map((each, index) => ({ ...each, timestamp: index + 1 })))

/** All that a tracker shows of itself. */
function shown(tracker: Tracker): string {
  return JSON.stringify([tracker.toWholeState('ALL'), tracker.appliedEvents(), tracker.states()])
}

test('a conversation that is loaded at once is the one that grew event by event', t => {
  fc.assert(
    fc.property(events, list => {
      const grown = new Tracker('ann', domain)
      for (const each of list) {
        grown.apply(each)
        grown.states() // what policies look at in between must leave no trace
      }
      grown.settle()
      t.is(shown(grown), shown(Tracker.fromEvents('ann', domain, list)))
    }),
    { numRuns: 300 },
  )
})

test('a conversation that is cut and goes on in another process ends as if it had not been', t => {
  fc.assert(
    fc.property(events, fc.nat(), (list, cut) => {
      const at = list.length === 0 ? 0 : cut % list.length
      const stored = JSON.parse(JSON.stringify(list.slice(0, at))) as LoggedEvent[]
      const first = Tracker.fromEvents('ann', domain, stored)
      for (const each of list.slice(at)) first.apply(each)
      first.settle()
      t.is(shown(first), shown(Tracker.fromEvents('ann', domain, list)))
    }),
    { numRuns: 300 },
  )
})

test('what a tracker only imagines leaves no trace', t => {
  fc.assert(
    fc.property(events, events, events, (before, imagined, nested) => {
      const tracker = Tracker.fromEvents('ann', domain, before)
      const known = shown(tracker)
      const look = function* (): Generator<never, string, undefined> {
        yield* [] as never[]
        return shown(tracker)
      }
      drive(
        tracker.imagining(imagined, function* () {
          yield* tracker.imagining(nested, look)
          return shown(tracker)
        }) as never,
      )
      t.is(shown(tracker), known)
      for (const each of imagined) tracker.apply(each)
      tracker.settle()
      t.is(shown(tracker), shown(Tracker.fromEvents('ann', domain, [...before, ...imagined])))
    }),
    { numRuns: 200 },
  )
})

test('no conversation, message or answer makes a turn throw anything but an error with a code', async t => {
  const bot = await trainBot(DOMAIN, RULES)
  const { policies } = bot
  t.true(policies.length > 0)
  const ensemble = { predict: (tracker: Tracker) => bot.predictFor(tracker) }
  const reply = fc.oneof(
    fc.constant({ kind: 'failed' as const, message: 'down' }),
    fc.constant({ kind: 'rejected' as const, action: 'action_custom', message: 'no' }),
    fc.array(event, { maxLength: 4 }).map(list => ({
      kind: 'done' as const,
      reply: {
        events: list,
        responses: [{ text: '{' }, { response: 'utter_greet' }, { response: 'missing' }],
      },
    })),
  )
  fc.assert(
    fc.property(
      events,
      fc.string(),
      name('greet', 'order', 'inform', 'x'),
      reply,
      (list, text, intent, answer) => {
        const tracker = Tracker.fromEvents('ann', bot.domain, list)
        const context = {
          ...{ domain: bot.domain, policies: ensemble, now: () => 100, random: () => 0.5, newId: () => 'id' },
          ...{ modelId: 'm', assistantId: 'a', maxActions: 10, remoteNlg: false, outputChannel: 'rest' },
        }
        const parsed = { text, intent: { name: intent, confidence: 1 }, entities: [] }
        const perform = (effect: { readonly kind: string }) =>
          effect.kind === 'call_action' ? answer : undefined
        try {
          drive(
            handleMessage(context, tracker, { text, senderId: 'ann', inputChannel: 'rest' }, parsed),
            perform,
          )
          drive(triggerIntent(context, tracker, { name: intent, entities: [] }), perform)
        } catch (error) {
          t.true(error instanceof CodedError, String(error))
        }
        tracker.settle()
        t.is(shown(tracker), shown(Tracker.fromEvents('ann', bot.domain, tracker.events)))
      },
    ),
    { numRuns: 300 },
  )
})
