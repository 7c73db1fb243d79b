// A conversation as this browser knows it: who talks, what was said, and how far each message of the visitor has come.

import type { Part, Reply } from './messages/reply.ts'
import { isRecord, textOf } from './messages/values.ts'

/** `waiting` until its turn, `sending` while it is under way, `sent` when the server has it, `failed` when it has not. */
export type Delivery = 'waiting' | 'sending' | 'sent' | 'failed'

/** Why a message has not arrived; `unsure`: it may have. */
export const PROBLEMS = ['refused', 'unsure', 'unreachable', 'token', 'too-long'] as const
export type Problem = (typeof PROBLEMS)[number]

export interface Attached {
  readonly name: string
  readonly url: string
  readonly type: string
  readonly size: number
}

export interface UserEntry {
  readonly from: 'user'
  readonly id: string
  /** What the visitor sees, and what the bot gets: for a button its title and its payload. */
  readonly text: string
  readonly payload: string
  readonly metadata: Readonly<Record<string, unknown>> | null
  readonly files: readonly Attached[]
  /** Sent, and never shown: what begins a conversation. */
  readonly isHidden: boolean
  readonly delivery: Delivery
  readonly problem: Problem | null
  /** Whether something was said after the server had it. */
  readonly isAnswered: boolean
  /** Milliseconds since 1970. */
  readonly at: number
  /** Its place in the server's history, where that is known. */
  readonly number: number | null
}
export interface BotEntry {
  readonly from: 'bot' | 'human'
  readonly id: string
  readonly reply: Reply
  readonly at: number
  readonly number: number | null
  /** What the visitor thought of this answer, where they have said it. */
  readonly vote?: Vote | undefined
}
export type Vote = 'up' | 'down'
export type Entry = UserEntry | BotEntry

export interface Conversation {
  /** null until the server was reached for the first time. */
  readonly sender: string | null
  /** What proves to the server that this is the visitor's own history. */
  readonly token: string | null
  readonly entries: readonly Entry[]
  /** Answers that nobody has seen. */
  readonly unread: number
  /** What the visitor thought of it, 1 to 5. */
  readonly rating: number | null
  /** Of a known user who has started over: what the server has from before this time is not shown. */
  readonly since: number
  /** When something happened last. */
  readonly at: number
}

const KEPT_ENTRIES = 300

export function newConversation(now: number): Conversation {
  return { sender: null, token: null, entries: [], unread: 0, rating: null, since: 0, at: now }
}

export function newUserEntry(
  words: Pick<UserEntry, 'text' | 'payload'> & Partial<Pick<UserEntry, 'metadata' | 'files' | 'isHidden'>>,
  id: string,
  at: number,
): UserEntry {
  return {
    ...{ from: 'user', metadata: null, files: [], isHidden: false, delivery: 'waiting', problem: null },
    ...{ isAnswered: false, number: null, id, at },
    ...words,
  }
}

export function addEntries(conversation: Conversation, added: readonly Entry[]): Conversation {
  const last = added.at(-1)
  if (last === undefined) return conversation
  return { ...conversation, at: last.at, entries: [...conversation.entries, ...added].slice(-KEPT_ENTRIES) }
}

export function changeMessage(
  conversation: Conversation,
  id: string,
  change: Partial<UserEntry>,
): Conversation {
  const entries = conversation.entries.map(entry =>
    entry.id === id && entry.from === 'user' ? { ...entry, ...change } : entry,
  )
  return { ...conversation, entries }
}

/** With an answer of the bot at its end; what was sent before counts as answered. */
export function addReply(conversation: Conversation, entry: BotEntry, isSeen: boolean): Conversation {
  const changed = addEntries(answered(conversation), [entry])
  return { ...changed, unread: isSeen ? 0 : conversation.unread + 1 }
}

export function answered(conversation: Conversation): Conversation {
  const entries = conversation.entries.map(entry =>
    entry.from === 'user' && entry.delivery === 'sent' && !entry.isAnswered
      ? { ...entry, isAnswered: true }
      : entry,
  )
  return { ...conversation, entries }
}

/** The conversation of a stored text; null where the text is not one. Entries that cannot be read are left out. */
export function readConversation(text: string): Conversation | null {
  let stored: unknown
  try {
    stored = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(stored) || !Array.isArray(stored['entries'])) return null
  const { unread, rating, since, at } = stored
  return {
    sender: textOf(stored['sender']),
    token: textOf(stored['token']),
    entries: stored['entries'].flatMap(readEntry).slice(-KEPT_ENTRIES),
    unread: typeof unread === 'number' ? unread : 0,
    rating: typeof rating === 'number' ? rating : null,
    since: typeof since === 'number' ? since : 0,
    at: typeof at === 'number' ? at : 0,
  }
}

const VOTES: readonly Vote[] = ['up', 'down']
const DELIVERIES: readonly Delivery[] = ['waiting', 'sending', 'sent', 'failed']

function readEntry(value: unknown): Entry[] {
  if (!isRecord(value) || typeof value['id'] !== 'string' || typeof value['at'] !== 'number') return []
  const { id, at, from } = value
  const number = typeof value['number'] === 'number' ? value['number'] : null
  if ((from === 'bot' || from === 'human') && Array.isArray(value['reply'])) {
    // Our own code has written the parts; only whether they are parts at all is asked.
    const reply = value['reply'].filter(
      (part): part is Part => isRecord(part) && typeof part['kind'] === 'string',
    )
    const vote = VOTES.find(known => known === value['vote'])
    return [{ from, id, at, number, reply, ...(vote === undefined ? {} : { vote }) }]
  }
  const delivery = DELIVERIES.find(known => known === value['delivery'])
  if (from !== 'user' || delivery === undefined || typeof value['text'] !== 'string') return []
  const { text, payload, metadata, files } = value
  const words = {
    text,
    payload: typeof payload === 'string' ? payload : text,
    metadata: isRecord(metadata) ? metadata : null,
    files: Array.isArray(files) ? (files.filter(isRecord) as unknown as Attached[]) : [],
    isHidden: value['isHidden'] === true,
  }
  const problem = PROBLEMS.find(known => known === value['problem']) ?? null
  const isAnswered = value['isAnswered'] === true
  return [{ ...newUserEntry(words, id, at), delivery, problem, isAnswered, number }]
}
