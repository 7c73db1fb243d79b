// Remembers which action followed which states: the lookup of Rasa's memoization policies. States are numbered, so a key is short.

import type { SavedPart } from '@tabula/ml'
import type { SourcePosition } from '@tabula/protocol'
import { stateText } from '../stories/state-text.ts'
import type { State } from '../tracker/state.ts'
import type { TrainingStep } from './featurized-states.ts'

export interface Remembered {
  readonly action: string
  readonly story: string
  readonly position: SourcePosition
}

interface Entry extends Remembered {
  readonly numbers: readonly number[]
}

export class ActionMemory {
  readonly #numbers = new Map<string, number>()
  /** Of states that were looked up before; null where no story has one. */
  readonly #looked = new WeakMap<State, number | null>()
  readonly #entries = new Map<string, Entry>()
  /** Of the longest sequence: what is longer was never seen. */
  #longest = 0

  /** Remembers the steps; states that two different actions followed are forgotten. */
  static of(steps: readonly TrainingStep[]): ActionMemory {
    const memory = new ActionMemory()
    const ambiguous = new Set<string>()
    for (const { states, action, story, position } of steps) {
      const numbers = states.map(state => memory.#numberOf(state))
      const key = numbers.join()
      const known = memory.#entries.get(key)
      if (ambiguous.has(key)) continue
      if (known === undefined) memory.#add({ numbers, action, story, position })
      else if (known.action !== action) {
        ambiguous.add(key)
        memory.#entries.delete(key)
      }
    }
    return memory
  }

  static load({ header, tensors }: SavedPart): ActionMemory {
    const { states, entries } = header as {
      readonly states: readonly string[]
      readonly entries: readonly (readonly [string, string, string, number, number])[]
    }
    const memory = new ActionMemory()
    for (const text of states) memory.#numbers.set(text, memory.#numbers.size)
    const sequences = tensors['sequences'] ?? []
    const lengths = tensors['lengths'] ?? []
    let at = 0
    entries.forEach(([action, story, file, line, column], index) => {
      const end = at + (lengths[index] ?? 0)
      memory.#add({ numbers: [...sequences.slice(at, end)], action, story, position: { file, line, column } })
      at = end
    })
    return memory
  }

  save(): SavedPart {
    const entries = [...this.#entries.values()]
    return {
      header: {
        states: [...this.#numbers.keys()],
        entries: entries.map(({ action, story, position: { file, line, column } }) => [
          action,
          story,
          file,
          line,
          column,
        ]),
      },
      tensors: {
        sequences: Int32Array.from(entries.flatMap(({ numbers }) => numbers)),
        lengths: Int32Array.from(entries, ({ numbers }) => numbers.length),
      },
    }
  }

  get longest(): number {
    return this.#longest
  }

  /** What followed exactly these states, or null. */
  recall(states: readonly State[]): Remembered | null {
    if (states.length > this.#longest) return null
    const numbers: number[] = []
    for (const state of states) {
      const number = this.#lookUp(state)
      if (number === null) return null
      numbers.push(number)
    }
    return this.#entries.get(numbers.join()) ?? null
  }

  #lookUp(state: State): number | null {
    const looked = this.#looked.get(state)
    if (looked !== undefined) return looked
    const number = this.#numbers.get(stateText(state)) ?? null
    this.#looked.set(state, number)
    return number
  }

  #numberOf(state: State): number {
    const text = stateText(state)
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#numbers.set(text, this.#numbers.size)
    return this.#numbers.size - 1
  }

  #add(entry: Entry): void {
    this.#entries.set(entry.numbers.join(), entry)
    this.#longest = Math.max(this.#longest, entry.numbers.length)
  }
}
