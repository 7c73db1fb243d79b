// The expected events are those that rasa-sdk 3.6.2 gives for the same form, call and domain.

import test from 'ava'
import { parseEvents } from '@tabula/protocol'
import type { DomainJson, JsonValue } from '@tabula/protocol'
import { trackerState } from '../test/action-call.ts'
import { CollectingDispatcher } from './collecting-dispatcher.ts'
import type { ActionEvent } from './events.ts'
import { FormValidationAction } from './form-validation-action.ts'
import { Tracker } from './tracker.ts'
import type { ValidationAction } from './validation-action.ts'

const domain: DomainJson = {
  forms: { trip_form: { required_slots: ['city', 'day-of-week', 'price', 'seats'] } },
}

class ValidateTrip extends FormValidationAction {
  readonly name = 'validate_trip_form'

  validate_city(value: JsonValue, dispatcher: CollectingDispatcher) {
    dispatcher.utterMessage({ text: 'A fine city.' })
    return { city: typeof value === 'string' ? value.toUpperCase() : null, country: 'Italy' }
  }

  async validate_day_of_week() {
    return { 'day-of-week': null }
  }

  extract_price() {
    return { price: 10 }
  }
}

class ValidateTripWithHotel extends ValidateTrip {
  override async requiredSlots(domainSlots: readonly string[]) {
    return [...domainSlots, 'hotel']
  }
}

async function validate(
  action: ValidationAction,
  candidates: readonly (readonly [string, JsonValue])[],
  { given = domain, slots = {} }: { given?: DomainJson; slots?: Record<string, JsonValue> } = {},
) {
  const events = parseEvents([
    { event: 'action', name: 'trip_form' },
    ...candidates.map(([name, value]) => ({ event: 'slot', name, value })),
  ])
  const dispatcher = new CollectingDispatcher()
  const found = await action.run(dispatcher, new Tracker(trackerState({ events, slots })), given)
  return { slots: found.map(asPair), texts: dispatcher.messages.map(message => message.text) }
}

function asPair(event: ActionEvent) {
  return event.event === 'slot' ? [event.name, event.value] : [event.event, null]
}

test('candidates are checked in their order, then what was extracted follows', async t => {
  const found = await validate(new ValidateTrip(), [
    ['day-of-week', 'Monday'],
    ['city', 'Rome'],
    ['seats', 2],
  ])
  t.deepEqual(found.slots, [
    ['day-of-week', null],
    ['city', 'ROME'],
    ['seats', 2],
    ['price', 10],
    ['country', 'Italy'],
  ])
  t.deepEqual(found.texts, ['A fine city.'])
})

test('slots of others stay out, and without the domain there are none', async t => {
  const found = await validate(new ValidateTrip(), [['colour', 'red']])
  t.deepEqual(found.slots, [['price', 10]])
  t.deepEqual((await validate(new ValidateTrip(), [['city', 'Rome']], { given: {} })).slots, [])
})

test('a form with slots of its own asks for the first that is empty', async t => {
  const found = await validate(new ValidateTripWithHotel(), [['city', 'Rome']])
  t.deepEqual(found.slots.at(-1), ['requested_slot', 'day-of-week'])
})

test('a form with slots of its own ends when all are filled; false and 0 count as filled', async t => {
  const slots = { city: 'Rome', 'day-of-week': '', seats: 0, hotel: false }
  const found = await validate(new ValidateTripWithHotel(), [], { slots })
  t.deepEqual(found.slots, [
    ['price', 10],
    ['requested_slot', null],
  ])
})
