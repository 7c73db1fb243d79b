// States without the words of their messages: conversations meet the same few of these again and again, and whoever looks one
// up has made its text and its number before.

import type { State } from '../tracker/state.ts'
import { slotsText } from './state-text.ts'

/** Distinct states that are kept; each takes a few hundred bytes. */
const KEPT = 10_000

type By<Key, Value> = Map<Key | undefined, Value>

/** By the action before (name and text), intent, entities, slots and loop, most of which are often not there. */
const known: By<
  string | null,
  By<string, By<string | null, By<string, By<string, By<string, State>>>>>
> = new Map()
let count = 0

/** The state with its message by intent and entities alone: the same object for equal states, as long as few are met. */
export function withoutText(state: State): State {
  const { user, prev_action: action, slots, active_loop: loop } = state
  // null: there is none; undefined: it has no name, or no intent.
  const byName = within(known, action === undefined ? null : action.action_name)
  const byAction = within(byName, action?.action_text)
  const byIntent = within(byAction, user === undefined ? null : user.intent)
  const byEntities = within(byIntent, user?.entities && JSON.stringify(user.entities))
  const states = within(byEntities, slots && slotsText(slots))
  const same = states.get(loop?.name)
  if (same !== undefined) return same
  if (count >= KEPT) {
    known.clear()
    count = 0
  }
  const one = user?.text === undefined ? state : { ...state, user: textless(user) }
  states.set(loop?.name, one)
  count += 1
  return one
}

function within<Key, InnerKey, Value>(
  maps: By<Key, By<InnerKey, Value>>,
  key: Key | undefined,
): By<InnerKey, Value> {
  const found = maps.get(key)
  if (found !== undefined) return found
  const made: By<InnerKey, Value> = new Map()
  maps.set(key, made)
  return made
}

function textless({ intent, entities }: NonNullable<State['user']>): NonNullable<State['user']> {
  return {
    ...(intent === undefined ? {} : { intent }),
    ...(entities === undefined ? {} : { entities }),
  }
}
