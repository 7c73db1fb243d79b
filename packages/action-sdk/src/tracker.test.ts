import test from 'ava'
import { parseEvents } from '@tabula/protocol'
import { trackerState } from '../test/action-call.ts'
import { Tracker } from './tracker.ts'

test('a slot’s value is read by its name, and an unknown one is null', t => {
  const tracker = new Tracker(trackerState({ slots: { city: 'Rome', seats: 0 } }))
  t.is(tracker.getSlot('city'), 'Rome')
  t.is(tracker.getSlot('seats'), 0)
  t.is(tracker.getSlot('toString'), null)
  t.deepEqual(tracker.currentSlotValues(), { city: 'Rome', seats: 0 })
})

test('entity values are those of the latest message with the same role and group', t => {
  const entities = [
    { entity: 'city', value: 'Rome', role: 'from' },
    { entity: 'city', value: 'Oslo' },
    { entity: 'city', value: 'Bern', group: '2' },
    { entity: 'day', value: 'Monday' },
  ]
  const tracker = new Tracker(trackerState({ latest_message: { intent: {}, entities } }))
  t.deepEqual(tracker.getLatestEntityValues('city'), ['Oslo'])
  t.deepEqual(tracker.getLatestEntityValues('city', 'from'), ['Rome'])
  t.deepEqual(tracker.getLatestEntityValues('city', null, '2'), ['Bern'])
  t.deepEqual(tracker.getLatestEntityValues('price'), [])
})

test('the intent behind a fallback is found', t => {
  const intent_ranking = [{ name: 'nlu_fallback' }, { name: 'greet' }]
  const tracker = new Tracker(trackerState({ latest_message: { intent: {}, entities: [], intent_ranking } }))
  t.is(tracker.getIntentOfLatestMessage(), 'greet')
  t.is(tracker.getIntentOfLatestMessage(false), 'nlu_fallback')
  t.is(new Tracker(trackerState()).getIntentOfLatestMessage(), null)
})

test('the conversation can be asked for its channel, actions, loop and restarts', t => {
  const events = parseEvents([
    { event: 'action', name: 'utter_old' },
    { event: 'restart' },
    { event: 'action', name: 'action_listen' },
    { event: 'user', text: 'hello', input_channel: 'rest' },
    { event: 'action', name: 'utter_greet' },
    { event: 'action', name: 'action_listen' },
  ])
  const active_loop = { name: 'order_form', is_interrupted: false, rejected: false, trigger_message: null }
  const tracker = new Tracker(
    trackerState({ events, active_loop, paused: true, followup_action: 'action_x' }),
  )
  t.is(tracker.latestInputChannel, 'rest')
  t.is(tracker.activeLoopName, 'order_form')
  t.is(tracker.followupAction, 'action_x')
  t.true(tracker.isPaused())
  t.is(tracker.eventsAfterLatestRestart().length, 4)
  t.true(tracker.lastExecutedActionHas('utter_greet'))
  t.false(tracker.lastExecutedActionHas('utter_old', 1))
  t.is(tracker.getLastEventFor('user')?.text, 'hello')
  t.is(tracker.getLastEventFor('action', { skip: 2 })?.name, 'action_listen')
  t.is(new Tracker(trackerState()).activeLoopName, null)
})

test('the slots that wait to be checked are those at the end of the events', t => {
  const events = parseEvents([
    { event: 'slot', name: 'old', value: 1 },
    { event: 'action', name: 'order_form' },
    { event: 'slot', name: 'city', value: 'Rome' },
    { event: 'slot', name: 'day', value: 'Monday' },
    { event: 'slot', name: 'city', value: 'Oslo' },
  ])
  const tracker = new Tracker(trackerState({ events }))
  t.deepEqual(
    [...tracker.slotsToValidate()],
    [
      ['city', 'Oslo'],
      ['day', 'Monday'],
    ],
  )
  tracker.addSlots([['seats', 2]])
  t.is(tracker.getSlot('seats'), 2)
  t.is(tracker.slotsToValidate().get('seats'), 2)
  t.is(tracker.currentState().events?.length, 6)
})
