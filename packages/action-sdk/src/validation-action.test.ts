import test from 'ava'
import { parseEvents } from '@tabula/protocol'
import type { DomainJson, JsonValue } from '@tabula/protocol'
import { trackerState } from '../test/action-call.ts'
import { CollectingDispatcher } from './collecting-dispatcher.ts'
import type { Tracker as SeenTracker } from './tracker.ts'
import { Tracker } from './tracker.ts'
import { ValidationAction } from './validation-action.ts'

const domain: DomainJson = {
  slots: {
    city: { type: 'text', mappings: [{ type: 'from_text' }] },
    price: { type: 'float', mappings: [{ type: 'custom' }] },
    seats: { type: 'float', mappings: [{ type: 'from_text', conditions: [{ active_loop: 'trip_form' }] }] },
    day: { type: 'text', mappings: [{ type: 'from_text', conditions: [{ active_loop: null }] }] },
  },
}

async function run(action: ValidationAction, candidates: Record<string, JsonValue>) {
  const events = parseEvents(
    Object.entries(candidates).map(([name, value]) => ({ event: 'slot', name, value })),
  )
  const found = await action.run(
    new CollectingDispatcher(),
    new Tracker(trackerState({ events, slots: candidates })),
    domain,
  )
  return found.map(event => (event.event === 'slot' ? [event.name, event.value] : event.event))
}

test('slots that belong to no form are checked and extracted, those of forms are left to them', async t => {
  class Validate extends ValidationAction {
    validate_city() {
      return { city: 'ROME' }
    }
    validate_seats() {
      return { seats: 99 }
    }
    extract_price() {
      return { price: 10 }
    }
  }
  const action = new Validate()
  t.is(action.name, 'action_validate_slot_mappings')
  t.deepEqual(action.domainSlots(domain), ['city', 'price', 'day'])
  t.deepEqual(await run(action, { city: 'Rome', seats: 2, day: 'Monday' }), [
    ['city', 'ROME'],
    ['day', 'Monday'],
    ['price', 10],
  ])
})

test('what one method set is seen by the next', async t => {
  class Validate extends ValidationAction {
    validate_city() {
      return { city: 'ROME' }
    }
    validate_day(value: JsonValue, _dispatcher: CollectingDispatcher, tracker: SeenTracker) {
      return { day: [value, tracker.getSlot('city')] }
    }
  }
  t.deepEqual(await run(new Validate(), { city: 'Rome', day: 'Monday' }), [
    ['city', 'ROME'],
    ['day', ['Monday', 'ROME']],
  ])
})
