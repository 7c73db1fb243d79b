import test from 'ava'
import fc from 'fast-check'
import type { State } from '../tracker/state.ts'
import { statesText } from './state-text.ts'
import { StateWalks } from './state-walks.ts'

test('for every two walks: they are taken for the same one if their states are equal, and only then', t => {
  const state = fc.record({
    user: fc.record({ intent: fc.constantFrom('greet', 'deny') }),
    prev_action: fc.record({ action_name: fc.constantFrom('action_listen', 'utter_greet') }),
  })
  const walk: fc.Arbitrary<State[]> = fc.array(state, { maxLength: 4 })
  fc.assert(
    fc.property(fc.array(walk, { minLength: 2, maxLength: 12 }), list => {
      const walks = new StateWalks()
      const numbers = list.map(states => walks.of(states))
      t.is(new Set(numbers).size, new Set(list.map(statesText)).size)
      list.forEach((states, index) => {
        t.is(walks.of(structuredClone(states)), numbers[index] ?? -1)
      })
    }),
  )
})
