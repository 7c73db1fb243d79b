import test from 'ava'
import fc from 'fast-check'
import type { TrackerEvent } from '@tabula/protocol'
import { parseEvents } from '@tabula/protocol'
import { appliedEvents } from './applied-events.ts'

const action = (name: string) => ({ event: 'action', name })
const user = (text: string) => ({ event: 'user', text })

function applied(events: readonly object[]): (string | null)[] {
  return appliedEvents(parseEvents(events)).map(event => {
    if (event.event === 'user') return event.text
    return 'name' in event ? (event.name ?? null) : event.event
  })
}

test('a rewind takes the user’s message back, with the listening before it and the answers after it', t => {
  const talk = [action('action_listen'), user('one'), action('utter_one'), action('action_listen')]
  t.deepEqual(applied([...talk, user('two'), action('utter_two'), { event: 'rewind' }]), [
    'action_listen',
    'one',
    'utter_one',
  ])
})

test('an undo takes the latest action back with the slots that it set', t => {
  const slot = { event: 'slot', name: 'city', value: 'Rome' }
  t.deepEqual(applied([user('one'), action('utter_one'), slot, { event: 'undo' }]), ['one'])
})

test('for every conversation, a restart leaves nothing of what was before', t => {
  const kinds = fc.constantFrom<TrackerEvent['event']>('pause', 'undo', 'rewind', 'restart', 'resume')
  fc.assert(
    fc.property(fc.array(kinds), fc.array(kinds), (before, after) => {
      const events = (names: readonly string[]) => parseEvents(names.map(event => ({ event })))
      const [early, late] = [events(before), events(after)]
      t.deepEqual(appliedEvents([...early, ...events(['restart']), ...late]), appliedEvents(late))
    }),
  )
})
