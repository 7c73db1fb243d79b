// Brings what this browser knows and what the server's history says together, so that each message is there once.

import type { BotEntry, Conversation, Entry } from './conversation.ts'
import { newUserEntry } from './conversation.ts'
import { readReplies } from './messages/reply.ts'
import type { Reply } from './messages/reply.ts'
import { isRecord, textOf } from './messages/values.ts'

/** A message of the server's history; one of the bot may have been sent in several parts. */
export interface PastMessage {
  readonly number: number
  readonly from: 'user' | 'bot' | 'human'
  readonly at: number
  readonly text: string | null
  readonly messageId: string | null
  readonly replies: readonly Reply[]
}

/** The messages of GET /visitors/me/messages, and those of /visitors/me/live one by one; what cannot be read is left out. */
export function readHistory(body: unknown): readonly PastMessage[] {
  const messages = isRecord(body) && Array.isArray(body['messages']) ? body['messages'] : []
  return messages.filter(isRecord).flatMap((message): PastMessage[] => {
    const { number, time, from, text, message_id, data } = message
    if (typeof number !== 'number' || (from !== 'user' && from !== 'bot' && from !== 'human')) return []
    const words = typeof text === 'string' ? text : null
    const at = typeof time === 'number' ? time * 1_000 : 0
    return [
      { number, from, at, text: words, messageId: textOf(message_id), replies: readReplies(words, data) },
    ]
  })
}

/**
 * The conversation with all of the history in it, in the server's order; what the server does not know keeps its place
 * behind what came before it. Answers that were missed count as unread where `isSeen` is false.
 */
export function mergeHistory(
  conversation: Conversation,
  past: readonly PastMessage[],
  isSeen: boolean,
): Conversation {
  const known = [...conversation.entries]
  const added: Entry[] = []
  const isNew = conversation.entries.length === 0
  let missed = 0
  const take = (found: number, change: Partial<Entry>): void => {
    const entry = known[found]
    if (entry !== undefined) known[found] = { ...entry, ...change } as Entry
  }
  for (const message of past) {
    if (message.at < conversation.since) continue
    if (message.from === 'user') {
      const found = known.findIndex(entry => entry.from === 'user' && isSameWords(entry, message))
      if (found >= 0) {
        take(found, { number: message.number, delivery: 'sent', problem: null, isAnswered: true })
      } else if (message.text !== null) {
        const id = message.messageId ?? `user-${message.number}`
        const entry = newUserEntry({ text: message.text, payload: message.text }, id, message.at)
        // A payload that the visitor has never seen is not shown to them.
        const isHidden = message.text.startsWith('/')
        added.push({ ...entry, isHidden, delivery: 'sent', isAnswered: true, number: message.number })
      }
      continue
    }
    message.replies.forEach((reply, part) => {
      const number = message.number + part / 1_000
      const same = JSON.stringify(reply)
      const found = known.findIndex(
        entry =>
          entry.from !== 'user' &&
          (entry.number === number || (entry.number === null && JSON.stringify(entry.reply) === same)),
      )
      if (found >= 0) {
        take(found, { number })
        return
      }
      const from: BotEntry['from'] = message.from === 'human' ? 'human' : 'bot'
      added.push({ from, id: `bot-${number}`, reply, at: message.at, number })
      missed += 1
    })
  }
  const entries = inOrder([...known, ...added])
  const unread = isSeen ? 0 : conversation.unread + (isNew ? 0 : missed)
  return { ...conversation, entries, unread }
}

function isSameWords(entry: Entry, message: PastMessage): boolean {
  if (entry.from !== 'user') return false
  if (entry.number !== null) return entry.number === message.number
  if (entry.id === message.messageId) return true
  // A server may give ids of its own: then it is the first that was sent with these words.
  const isUnderWay = entry.delivery === 'sent' || entry.delivery === 'sending'
  return isUnderWay && entry.payload.trim() === message.text?.trim()
}

/** By number; an entry without one stands behind the entry that it followed. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  let last = -1
  return entries
    .map((entry, at) => {
      if (entry.number !== null) last = entry.number
      return { entry, at, place: entry.number ?? last }
    })
    .toSorted((left, right) => left.place - right.place || left.at - right.at)
    .map(({ entry }) => entry)
}

/** Number of the last message that the server's history is known to have; null without one. */
export function lastNumber({ entries }: Conversation): number | null {
  return entries.reduce<number | null>(
    (last, { number }) => (number === null ? last : Math.max(last ?? 0, Math.floor(number))),
    null,
  )
}
