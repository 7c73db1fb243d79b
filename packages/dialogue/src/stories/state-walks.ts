// Walks of states by number, so that long ones are told apart without writing them out.

import type { State } from '../tracker/state.ts'
import { stateText } from './state-text.ts'

/** No state yet. */
export const NO_WALK = 0

export class StateWalks {
  readonly #byText = new Map<string, number>()
  readonly #byState = new Map<State, number>()
  readonly #next = new Map<number, Map<number, number>>()
  #walks = NO_WALK

  /** The number of the walk that goes on with the state: the same for equal states after the same walk. */
  after(walk: number, state: State): number {
    const next = this.#next.get(walk) ?? new Map<number, number>()
    this.#next.set(walk, next)
    const number = this.#numberOf(state)
    const known = next.get(number)
    if (known !== undefined) return known
    this.#walks += 1
    next.set(number, this.#walks)
    return this.#walks
  }

  /** The number of the walk through all the states. */
  of(states: readonly State[]): number {
    let walk = NO_WALK
    for (const state of states) walk = this.after(walk, state)
    return walk
  }

  #numberOf(state: State): number {
    const known = this.#byState.get(state)
    if (known !== undefined) return known
    const text = stateText(state)
    const number = this.#byText.get(text) ?? this.#byText.size
    this.#byText.set(text, number)
    this.#byState.set(state, number)
    return number
  }
}
