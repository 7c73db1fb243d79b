// What policies ask of a conversation, be it a person's or one of the training data.

import type { ActiveLoopState, UserUttered } from '@tabula/protocol'
import { type State, SHOULD_NOT_BE_SET } from '../tracker/state.ts'

export interface Conversation {
  /** The state before each applied action, and the one now. */
  states(): readonly State[]
  readonly latestActionName: string | null
  readonly latestMessage: UserUttered | null
  readonly activeLoop: ActiveLoopState | null
}

/** The loop that runs, or null; in rules a loop that must not run is none. */
export function activeLoopName({ activeLoop }: Pick<Conversation, 'activeLoop'>): string | null {
  const name = activeLoop?.name ?? null
  return name === SHOULD_NOT_BE_SET ? null : name
}

/** The loop of a state, or null. */
export function loopOfState(state: State | undefined): string | null {
  const name = state?.active_loop?.name ?? null
  return name === SHOULD_NOT_BE_SET ? null : name
}
