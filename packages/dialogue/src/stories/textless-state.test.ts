import test from 'ava'
import fc from 'fast-check'
import type { State } from '../tracker/state.ts'
import { stateText } from './state-text.ts'
import { withoutText } from './textless-state.ts'

const name = fc.constantFrom('a', 'b', '["a"]', '"a', '')
const some = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined })

/** Without keys that are undefined, as states are made. */
const present = <Whole extends object>(fields: { [Key in keyof Whole]: Whole[Key] | undefined }): Whole =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Whole

const user = fc
  .record({ intent: some(name), text: some(name), entities: some(fc.uniqueArray(name, { minLength: 1 })) })
  .map(fields => present<NonNullable<State['user']>>(fields))
const state: fc.Arbitrary<State> = fc
  .record({
    user: some(user),
    slots: some(fc.dictionary(name, fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 2 }))),
    prev_action: some(
      fc.oneof(
        name.map(action => ({ action_name: action })),
        name.map(words => ({ action_text: words })),
        fc.constant({}),
      ),
    ),
    active_loop: some(name.map(loop => ({ name: loop }))),
  })
  .map(fields => present<State>(fields))

const stripped = (whole: State): State => {
  if (whole.user === undefined) return whole
  const { intent, entities } = whole.user
  return { ...whole, user: present<NonNullable<State['user']>>({ intent, text: undefined, entities }) }
}

test('a policy looks up what the conversation is like and not another: states are one object just where all but their words is equal', t => {
  fc.assert(
    fc.property(state, state, (one, other) => {
      t.is(stateText(withoutText(one)), stateText(stripped(one)))
      const isSame = stateText(stripped(one)) === stateText(stripped(other))
      t.is(withoutText(one) === withoutText(other), isSame)
    }),
    { numRuns: 2000 },
  )
})
