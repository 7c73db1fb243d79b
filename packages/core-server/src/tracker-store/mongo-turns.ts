// The turns of conversations in MongoDB. Each names the state that it was computed from, and no two name the same one: an
// insert is the compare-and-set, on a server of any kind, without transactions.

import type { LoggedEvent } from '@tabula/protocol'
import { isDuplicate } from './mongo-errors.ts'
import type { MongoCollections, TurnDocument, Verdict } from './open-mongo.ts'
import { conflict, NO_REVISION, reasonsTime } from './tracker-store.ts'
import type { KeptReason, Revision } from './tracker-store.ts'
import { newTail, turnEvents, writeTurn } from './turn-text.ts'

/** A turn as loading needs it. */
export type FoundTurn = Pick<TurnDocument, 'number' | 'tail' | 'before' | 'isStart' | 'text' | 'rasaEvents'>

export interface NewTurn {
  readonly sender: string
  readonly before: Revision
  readonly events: readonly LoggedEvent[]
  readonly why?: readonly KeptReason[]
  readonly handled?: { readonly key: string; readonly verdict: Verdict }
  readonly isStart?: boolean
  readonly rasaEvents?: number
}

const LOADED = { number: 1, tail: 1, before: 1, isStart: 1, text: 1, rasaEvents: 1 } as const

export class MongoTurns {
  readonly #turns: MongoCollections['turns']

  constructor({ turns }: MongoCollections) {
    this.#turns = turns
  }

  /** The turns from that number on, by number; some may be of states that are gone. */
  async from(sender: string, number: number): Promise<readonly FoundTurn[]> {
    const filter = { sender, number: { $gte: Math.max(1, number) } }
    return this.#turns.find(filter, { projection: LOADED }).sort({ number: 1 }).toArray()
  }

  /** Whether the conversation is, or was, in this state; with NO_REVISION whether there is none. */
  async knows(sender: string, { number, tail }: Revision): Promise<boolean> {
    const filter = number === 0 ? { sender, number: { $gte: 1 } } : { sender, number, tail }
    const found = await this.#turns.findOne(filter, { projection: { tail: 1 } })
    return (found === null) === (number === 0)
  }

  /** Throws CodedError `tracker.conflict` where another turn follows that state, or its message was handled already. */
  async add(turn: NewTurn): Promise<Revision> {
    const { sender, before, events, why = [], handled, isStart = false, rasaEvents } = turn
    const revision = { number: before.number + 1, tail: newTail() }
    await this.#insert({
      _id: JSON.stringify([sender, before.tail]),
      ...{ sender, ...revision, before: before.tail, isStart },
      text: writeTurn(revision.tail, events),
      why: why.length === 0 ? null : JSON.stringify(why),
      time: reasonsTime(events),
      ...settling(sender, handled, revision.tail),
      ...(rasaEvents === undefined ? {} : { rasaEvents }),
      ...(events.length === 0 ? {} : { unlogged: true }),
    })
    return revision
  }

  /** Notes what became of a message, beside the turns. Throws CodedError `tracker.conflict` where that is known already. */
  async settle(sender: string, key: string, verdict: Verdict): Promise<void> {
    const tail = newTail()
    await this.#insert({
      _id: JSON.stringify([sender, key, 'message']),
      ...{ sender, number: 0, tail, before: '', isStart: false, text: tail, why: null, time: 0 },
      ...settling(sender, { key, verdict }, tail),
    })
  }

  /** Takes out the turns before that number; what became of their messages stays known. */
  async removeBefore(sender: string, number: number): Promise<void> {
    const old = { sender, number: { $gte: 1, $lt: number } }
    const emptied = { $set: { number: 0, text: '', why: null }, $unset: { unlogged: '' as const } }
    await this.#turns.updateMany({ ...old, handled: { $exists: true } }, emptied)
    await this.#turns.deleteMany(old)
  }

  async #insert(turn: TurnDocument): Promise<void> {
    try {
      await this.#turns.insertOne(turn)
    } catch (error) {
      if (!isDuplicate(error)) throw error
      // The driver may have sent it twice, and met its own.
      const there = await this.#turns.findOne({ _id: turn._id }, { projection: { tail: 1 } })
      if (there?.tail !== turn.tail) throw conflict(turn.sender)
    }
  }
}

/** Names a message over all senders. */
export function messageId(sender: string, key: string): string {
  return JSON.stringify([sender, key])
}

/** The turns of the conversation as it is, oldest first, of all that are there of it. */
export function wholeChain(turns: readonly FoundTurn[]): readonly FoundTurn[] {
  const start = turns.findLast(({ isStart, before }) => isStart || before === NO_REVISION.tail)
  return start === undefined ? [] : [start, ...following(start, turns)]
}

/** The turns behind a known state; null where it is not part of the conversation, or this began anew since. */
export function chainBehind(turns: readonly FoundTurn[], known: Revision): readonly FoundTurn[] | null {
  const first = turns.find(({ number, tail }) => number === known.number && tail === known.tail)
  if (first === undefined) return null
  const chain = following(first, turns)
  return chain.some(({ isStart }) => isStart) ? null : chain
}

export function eventsOf(turns: readonly FoundTurn[]): readonly LoggedEvent[] {
  return turns.flatMap(({ text }) => turnEvents(text))
}

export function revisionOf(chain: readonly FoundTurn[]): Revision {
  const last = chain.at(-1)
  return last === undefined ? NO_REVISION : { number: last.number, tail: last.tail }
}

function following(start: FoundTurn, turns: readonly FoundTurn[]): readonly FoundTurn[] {
  const next = new Map(turns.map(turn => [turn.before, turn]))
  const chain: FoundTurn[] = []
  for (let turn = next.get(start.tail); turn !== undefined; turn = next.get(turn.tail)) chain.push(turn)
  return chain
}

function settling(
  sender: string,
  handled: NewTurn['handled'],
  tail: string,
): Pick<TurnDocument, 'settles' | 'handled' | 'settled'> {
  if (handled === undefined) return { settles: tail }
  const { key, verdict } = handled
  return { settles: messageId(sender, key), handled: verdict, settled: Date.now() / 1000 }
}
