// What the actions of one message returned, by their place in the turn: when the turn is begun again, by this process or by
// one that takes over, none of them is called twice. Each call carries a key that stays the same.

import type { ActionCall, ActionOutcome } from '@tabula/protocol'
import type { JournalEntry } from '../tracker-store/message-ledger.ts'

export type PerformCall = (call: ActionCall, key: string) => Promise<ActionOutcome>

export class ActionJournal {
  readonly #newName: () => string
  #name: string | null = null
  readonly #entries: Map<number, JournalEntry>
  readonly #keep: ((step: number, entry: JournalEntry) => Promise<void>) | null
  #step = 0
  #tail = ''

  /** `newName` gives the message's name, asked for once, by the first call; `keep` stores an outcome before the turn goes on, where it must outlive the process. */
  constructor(
    newName: () => string,
    known: ReadonlyMap<number, JournalEntry> = new Map(),
    keep: ((step: number, entry: JournalEntry) => Promise<void>) | null = null,
  ) {
    this.#newName = newName
    this.#entries = new Map(known)
    this.#keep = keep
  }

  /** The turn is begun from its start, on the conversation of this tail. */
  rewind(tail: string): void {
    this.#step = 0
    this.#tail = tail
  }

  /** The outcome of the turn's next call: known from an earlier try, or performed now. */
  async call(call: ActionCall, perform: PerformCall): Promise<ActionOutcome> {
    const step = this.#step
    this.#step += 1
    const known = this.#entries.get(step)
    if (known?.action === call.next_action && known.tail === this.#tail) return known.outcome
    this.#name ??= this.#newName()
    const outcome = await perform(call, `${this.#name}/${step}`)
    const entry = { action: call.next_action, outcome, tail: this.#tail }
    this.#entries.set(step, entry)
    await this.#keep?.(step, entry)
    return outcome
  }
}
