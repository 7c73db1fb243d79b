// Judges a run by what its clients saw and what is stored in the end: reliability is what this finds nothing in. Linear in
// the length of the history: numbers are unique, so order is observed and not searched for.

import { link, numberOf, PARTS } from './chain.ts'
import type { Fault, History, Operation, Reply } from './history.ts'

/** A conversation at the end of a run. */
export interface FinalConversation {
  readonly sender: string
  readonly events: readonly StoredEvent[]
  /** The slot of the chain as the server shows it. */
  readonly chain: unknown
  /** How many events the store itself holds; null where it was not looked at. */
  readonly stored: number | null
}
export interface StoredEvent {
  readonly event: string
  readonly timestamp: number
  readonly text?: unknown
  readonly name?: unknown
}

/** One complaint: which rule, whose conversation, and what was seen. */
export interface Violation {
  readonly rule: string
  readonly sender: string
  readonly what: string
}

/** Milliseconds around a time in which the store takes nothing, in which an answer may be kept no more, on a busy machine. */
const KEPT_WITHIN = 2_000

export function checkRun(
  history: History,
  conversations: readonly FinalConversation[],
): readonly Violation[] {
  const violations: Violation[] = []
  const operations = Map.groupBy(history.operations, ({ sender }) => sender)
  const replies = Map.groupBy(history.replies, ({ sender }) => sender)
  for (const conversation of conversations) {
    const { sender } = conversation
    const complain = (rule: string, what: string): void => {
      violations.push({ rule, sender, what })
    }
    const asked = operations.get(sender) ?? []
    const numbers = conversation.events.flatMap(event =>
      event.event === 'user' ? [numberOf(event.text) ?? -1] : [],
    )
    checkCounts(asked, numbers, history.faults, complain)
    checkRealTime(asked, numbers, complain)
    checkTurns(conversation.events, complain)
    const hashes = checkChain(numbers, conversation.chain, complain)
    checkReplies(asked, replies.get(sender) ?? [], { hashes, faults: history.faults }, complain)
    if (conversation.stored !== null && conversation.stored !== conversation.events.length) {
      complain(
        'store',
        `the store holds ${conversation.stored} events, the server shows ${conversation.events.length}`,
      )
    }
  }
  checkCalls(history, violations)
  return violations
}

type Complain = (rule: string, what: string) => void

/** Taken messages are there once, refused ones are not; whatever is said again until it is taken is taken. */
function checkCounts(
  asked: readonly Operation[],
  numbers: readonly number[],
  faults: readonly Fault[],
  complain: Complain,
): void {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  for (const { number, outcome, sent, ended, retries } of asked) {
    const count = counts.get(number) ?? 0
    counts.delete(number)
    if (outcome === 'ok' && count === 0)
      complain('lost', `message ${number} was taken and is not there: ${around(faults, sent, { ended })}`)
    if (outcome === 'fail' && count > 0) complain('refused', `message ${number} was refused and is there`)
    if (outcome === 'unknown')
      complain(
        'stuck',
        `message ${number} was said ${retries} times again and never taken: ${around(faults, sent, { until: sent + 60_000 })}`,
      )
    if (count > 1) complain('doubled', `message ${number} is there ${count} times`)
  }
  for (const number of counts.keys()) complain('foreign', `message ${number} was never said`)
}

/** Seconds around what is complained of in which faults are told. */
const AROUND = 30

/** For whoever looks into a complaint: what else happened, in seconds after that time. */
function around(faults: readonly Fault[], time: number, others: Readonly<Record<string, number>>): string {
  const after = (at: number): string => ((at - time) / 1000).toFixed(1)
  const times = Object.entries(others).map(([name, at]) => `${name} ${after(at)}`)
  const last = Math.max(time, ...Object.values(others).filter(Number.isFinite))
  const near = faults.filter(({ at }) => at > time - AROUND * 1000 && at < last + 1000)
  return [...times, ...near.map(({ kind, at }) => `${kind} ${after(at)}`)].join(', ')
}

/** What was taken before another was said comes before it. */
function checkRealTime(asked: readonly Operation[], numbers: readonly number[], complain: Complain): void {
  const byNumber = new Map(asked.map(operation => [operation.number, operation]))
  let latestSent = -Infinity
  for (const number of numbers) {
    const operation = byNumber.get(number)
    if (operation === undefined) continue
    if (operation.outcome === 'ok' && operation.ended < latestSent) {
      complain('order', `message ${number} was taken before another was said that stands ahead of it`)
    }
    latestSent = Math.max(latestSent, operation.sent)
  }
}

/** A turn is whole: after a message comes no other before the bot listens again; times never fall. */
function checkTurns(events: readonly StoredEvent[], complain: Complain): void {
  let isOpen = false
  let latest = 0
  for (const { event, name, timestamp } of events) {
    if (event === 'user' && isOpen) complain('turn', 'a message stands in the middle of another’s turn')
    if (event === 'user') isOpen = true
    if (event === 'action' && name === 'action_listen') isOpen = false
    if (timestamp < latest) complain('time', `an event at ${timestamp} follows one at ${latest}`)
    latest = timestamp
  }
  if (isOpen) complain('turn', 'the last turn is not whole')
}

/** The chain that the messages give, link by link; it must be the one in the slot. */
function checkChain(
  numbers: readonly number[],
  chain: unknown,
  complain: Complain,
): ReadonlyMap<number, string> {
  const hashes = new Map<number, string>()
  let hash = ''
  for (const number of numbers) {
    hash = link(hash, number)
    hashes.set(number, hash)
  }
  if (numbers.length > 0 && chain !== hash)
    complain('chain', `the slot is ${String(chain)}, the messages give ${hash}`)
  return hashes
}

/** Of every taken message all parts came, in order, once but for repeats, with the link of the chain. */
function checkReplies(
  asked: readonly Operation[],
  replies: readonly Reply[],
  { hashes, faults }: { readonly hashes: ReadonlyMap<number, string>; readonly faults: readonly Fault[] },
  complain: Complain,
): void {
  const came = new Map<number, Set<number>>()
  for (const { number, part, hash } of replies) {
    const known = hashes.get(number) ?? 'nothing'
    if (hash !== known)
      complain('reply', `the answer to ${number} is ${hash}, the conversation says ${known}`)
    came.set(number, (came.get(number) ?? new Set()).add(part))
  }
  const told = {
    places: new Map([...hashes.keys()].map((number, place) => [number, place])),
    sent: new Map(asked.map(({ number, sent }) => [number, sent])),
    isReply: asked.some(({ way }) => way === 'rest'),
  }
  for (const stream of Map.groupBy(replies, ({ socket }) => socket).values()) {
    const { heard = [], retold = [] } = Object.groupBy(stream, ({ isRetold }) =>
      isRetold === true ? 'retold' : 'heard',
    )
    checkStream(told, heard, complain)
    // What is told again is told whole.
    for (const [number, again] of Map.groupBy(retold, reply => reply.number)) {
      const parts = again.map(({ part }) => part)
      if (parts.some((part, index) => part !== (index % PARTS) + 1))
        complain('reply-order', `what was told again of ${number} is ${parts.join(', ')}`)
    }
  }
  for (const { number, outcome, sent, ended, retries, way } of asked) {
    const count = came.get(number)?.size ?? 0
    if (outcome === 'ok' && count !== PARTS)
      complain(
        'reply-lost',
        `${count} of ${PARTS} parts of the answer to ${number} came over ${way}, said ${retries} times again: ${around(faults, sent, { ended })}`,
      )
  }
}

/** What is known of a sender's messages: places in the conversation, times of sending, and whether requests bring the answers. */
interface Told {
  readonly places: ReadonlyMap<number, number>
  readonly sent: ReadonlyMap<number, number>
  readonly isReply: boolean
}

/** What one receiver heard: each message's parts one behind the other, messages in their order; what was heard may come again. */
function checkStream({ places, sent, isReply }: Told, heard: readonly Reply[], complain: Complain): void {
  const seen = new Map<number, Set<number>>()
  let furthest = 0
  for (const { number, part, socket } of heard) {
    const parts = seen.get(number) ?? new Set()
    seen.set(number, parts)
    // A part that was seen before may come again: after a crash, and with the repeat of its message.
    if (parts.has(part)) continue
    const place = (places.get(number) ?? 0) * (PARTS + 1) + part
    // Replies to requests of several connections meet on their way; their parts do not.
    if (place < furthest && !isReply)
      complain('reply-order', `part ${part} of ${number} came after a later one`)
    // A socket that joined when the message was under way hears the rest of it; the client has the whole with its repeat.
    const mayHaveMissed = parts.size === 0 && socket !== undefined && (sent.get(number) ?? 0) < socket.joined
    if (!parts.has(part - 1) && part !== 1 && !mayHaveMissed)
      complain('reply-order', `part ${part} of ${number} came as number ${parts.size + 1}`)
    parts.add(part)
    furthest = Math.max(furthest, place)
  }
}

/** Faults between which no outcome can be kept. */
export const STORE_TAKES_NOTHING = 'store takes nothing'
export const STORE_TAKES_AGAIN = 'store takes again'

/**
 * Each key is called once; again only where a crash fell before its outcome was kept, where the store was full or away and
 * kept nothing, or where a ticket was lost or its holder ended: what was worked out on a conversation that moved on is worked
 * out anew.
 */
function checkCalls({ calls, faults }: History, violations: Violation[]): void {
  const crashes = faults.filter(({ kind }) => kind.startsWith('kill'))
  // While Redis is away no ticket can be renewed.
  const losses = faults.filter(({ kind }) => /^(pause|let)|redis$/.test(kind))
  const takesNothing = (time: number): boolean =>
    faults.some(({ kind, at }) => {
      if (kind !== STORE_TAKES_NOTHING) return false
      const again = faults.find(each => each.kind === STORE_TAKES_AGAIN && each.at > at)?.at ?? Infinity
      return time >= at - KEPT_WITHIN && time <= again + KEPT_WITHIN
    })
  const ofSenders = Map.groupBy(calls, ({ sender }) => sender)
  const ofMessages = Map.groupBy(calls, ({ sender, number }) => `${sender} ${number}`)
  for (const [key, repeated] of Map.groupBy(calls, call => call.key)) {
    for (const [index, call] of repeated.slice(0, -1).entries()) {
      const next = repeated[index + 1]?.came ?? Infinity
      const { came, answered, sender, number } = call
      if (answered === null) continue
      const wentOn = (ofMessages.get(`${sender} ${number}`) ?? []).find(
        other => other.key !== key && other.came > answered && other.came < next,
      )
      // Under way when it fell, or answered and not yet kept: a turn goes on only with what is kept.
      const keptBy = wentOn?.came ?? next
      if (crashes.some(({ at }) => at >= came - CLOCKS && at <= keptBy)) continue
      // Kept, but before the turn could be taken over another message of the sender was: what was kept is of another conversation.
      const movedOn = (ofSenders.get(sender) ?? []).some(
        other => other.number !== number && other.came > answered && other.came < next,
      )
      if (movedOn && crashes.some(({ at }) => at >= came - CLOCKS && at <= next)) continue
      if (takesNothing(answered)) continue
      if (losses.some(({ at }) => at > came - LOST_FOR && at < next)) continue
      violations.push({
        rule: 'calls',
        sender: call.sender,
        what: `${call.action} of message ${call.number} was called again under ${key}: ${around(faults, came, { answered, next })}`,
      })
    }
  }
}

/** Milliseconds between a fault and its being written down, at most. */
const CLOCKS = 250
/** Milliseconds that a lost ticket may go unnoticed. */
const LOST_FOR = 20_000
