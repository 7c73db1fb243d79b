// A conversation as this browser knows it: who talks, what was said, and how far each message of the user has come.

import type { Reply } from './reply.ts'
import { isRecord, readReply } from './reply.ts'

/**
 * `waiting` until its turn, `sending` while the server has it, `sent` when it was answered, `failed` when it was not, and
 * `unsure` when the page went away in between.
 */
export type Delivery = 'waiting' | 'sending' | 'sent' | 'failed' | 'unsure'

export interface UserEntry {
  readonly from: 'user'
  readonly id: string
  /** What the user sees, and what the server gets: for a button its title and its payload. */
  readonly text: string
  readonly payload: string
  readonly delivery: Delivery
  /** Why it has not arrived, for the user. */
  readonly problem: string | null
  /** Milliseconds since 1970. */
  readonly at: number
  /** The page that sends it: another tab leaves it alone. */
  readonly tab: string
}
export interface BotEntry {
  readonly from: 'bot'
  readonly id: string
  readonly reply: Reply
  readonly at: number
}
export type Entry = UserEntry | BotEntry

export interface Conversation {
  readonly sender: string
  readonly entries: readonly Entry[]
}

const KEPT_ENTRIES = 200
/** After this long no page waits for an answer any more. */
const GIVEN_UP = 300_000

/** A conversation with nothing in it, under a name that nobody can guess. */
export function newConversation(): Conversation {
  return { sender: crypto.randomUUID(), entries: [] }
}

export function addEntries(conversation: Conversation, added: readonly Entry[]): Conversation {
  return { ...conversation, entries: [...conversation.entries, ...added].slice(-KEPT_ENTRIES) }
}

export function changeMessage(
  conversation: Conversation,
  id: string,
  change: Partial<Pick<UserEntry, 'delivery' | 'problem' | 'tab'>>,
): Conversation {
  const entries = conversation.entries.map(entry =>
    entry.id === id && entry.from === 'user' ? { ...entry, ...change } : entry,
  )
  return { ...conversation, entries }
}

/**
 * What a page finds when it opens: a message that was under way may or may not have arrived, and one whose page is gone waits
 * for nobody. What still waits here is sent.
 */
export function resume(conversation: Conversation, tab: string, now: number): Conversation {
  const entries = conversation.entries.map((entry): Entry => {
    if (entry.from !== 'user') return entry
    const isGone = entry.tab !== tab && now - entry.at > GIVEN_UP
    if (entry.delivery === 'sending' && (isGone || entry.tab === tab)) {
      return { ...entry, delivery: 'unsure', problem: 'The page was closed before an answer came.' }
    }
    if (entry.delivery === 'waiting' && isGone) {
      return { ...entry, delivery: 'failed', problem: 'The page was closed before this was sent.' }
    }
    return entry
  })
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
  if (!isRecord(stored) || typeof stored['sender'] !== 'string' || !Array.isArray(stored['entries']))
    return null
  return { sender: stored['sender'], entries: stored['entries'].flatMap(readEntry).slice(-KEPT_ENTRIES) }
}

const DELIVERIES: readonly Delivery[] = ['waiting', 'sending', 'sent', 'failed', 'unsure']

function readEntry(value: unknown): Entry[] {
  if (!isRecord(value) || typeof value['id'] !== 'string' || typeof value['at'] !== 'number') return []
  const { id, at, from } = value
  if (from === 'bot' && isRecord(value['reply'])) {
    const { custom, ...parts } = value['reply']
    const reply = { ...readReply(parts), custom: typeof custom === 'string' ? custom : null }
    return [{ from, id, at, reply }]
  }
  const { text, payload, problem, tab } = value
  const delivery = DELIVERIES.find(known => known === value['delivery'])
  if (from !== 'user' || delivery === undefined || typeof text !== 'string') return []
  return [
    {
      from,
      id,
      at,
      text,
      delivery,
      payload: typeof payload === 'string' ? payload : text,
      problem: typeof problem === 'string' ? problem : null,
      tab: typeof tab === 'string' ? tab : '',
    },
  ]
}
