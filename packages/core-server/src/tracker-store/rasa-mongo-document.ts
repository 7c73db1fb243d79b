// Rasa's document of a conversation in MongoDB: `{sender_id, events: […], latest_event_time, …}`. What is a float in Python
// is a double there, 5.0 as well.

import { Double, Int32, Long } from 'mongodb'
import type { Collection, Document } from 'mongodb'
import { CodedError, parseExactJson, WholeFloat } from '@tabula/protocol'
import type { LoggedEvent } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import { parseStoredEvent } from './event-row.ts'

/** What we note in Rasa's document: of when it was as we last saw it, and how many of its events we have. */
const SEEN = 'tabula_seen'
const TAKEN = 'tabula_taken'

export interface RasaDocument {
  readonly events: readonly LoggedEvent[]
  /** How many of them are noted as taken over. */
  readonly taken: number
  /** To be kept by `noteSeen`: Rasa changes it with each save. */
  readonly latest: unknown
}

/** Whether Rasa has saved the conversation since we last looked. */
export async function hasNews(rasa: Collection, sender: string): Promise<boolean> {
  const projection = { latest_event_time: 1, [SEEN]: 1 }
  const found = await rasa.findOne({ sender_id: senderIn(sender) }, { projection })
  if (found === null) return false
  const { latest_event_time: latest = null, [SEEN]: seen } = found as Readonly<Record<string, unknown>>
  return seen === undefined || seen !== latest
}

/** Rasa's document; null where there is none. Throws CodedError `tracker.unreadable` where it holds no events. */
export async function readRasaDocument(rasa: Collection, sender: string): Promise<RasaDocument | null> {
  const projection = { events: 1, latest_event_time: 1, [TAKEN]: 1 }
  const found = await rasa.findOne({ sender_id: senderIn(sender) }, { projection, promoteValues: false })
  if (found === null) return null
  const {
    events = [],
    latest_event_time: latest = null,
    [TAKEN]: taken,
  } = found as Readonly<Record<string, unknown>>
  try {
    if (!Array.isArray(events)) throw new TypeError('events is no list')
    const texts = events.map(event => JSON.stringify(plain(event)))
    return { events: texts.map(parseStoredEvent), latest, taken: Number(plain(taken) ?? 0) }
  } catch (cause) {
    throw new CodedError(
      'tracker.unreadable',
      'What Rasa left in MongoDB for this conversation cannot be read; it was not touched.',
      { status: 500, cause },
    )
  }
}

/** Notes that all of the document is taken over, if Rasa has not saved it anew. */
export async function noteSeen(
  rasa: Collection,
  sender: string,
  { events, latest }: RasaDocument,
): Promise<void> {
  // A text, as Rasa itself does with a number that is the id of an old conversation.
  const change = { $set: { sender_id: sender, [SEEN]: latest, [TAKEN]: events.length } }
  await rasa.updateOne({ sender_id: senderIn(sender), latest_event_time: latest }, change)
}

/** Leaves the events where Rasa reads them, noted as seen. */
export async function writeRasaDocument(
  rasa: Collection,
  sender: string,
  events: readonly LoggedEvent[],
): Promise<void> {
  const latest = new Double(events.at(-1)?.timestamp ?? 0)
  const values = events.map(event => bson(parseExactJson(JSON.stringify(event))))
  const content = { sender_id: sender, events: values, latest_event_time: latest }
  const change = { $set: { ...content, [SEEN]: latest, [TAKEN]: events.length } }
  await rasa.updateOne({ sender_id: senderIn(sender) }, change, { upsert: true })
}

/** An id of digits may stand there as a number: Rasa once took it as one. */
export function senderIn(sender: string): string | { readonly $in: readonly unknown[] } {
  const number = /^[1-9]\d{0,14}$/.test(sender) ? Number(sender) : null
  return number === null ? sender : { $in: [sender, number] }
}

function plain(value: unknown): unknown {
  if (value instanceof Double)
    return Number.isInteger(value.value) ? new WholeFloat(value.value) : value.value
  if (value instanceof Int32) return value.value
  if (value instanceof Long) return value.toNumber()
  if (Array.isArray(value)) return value.map(plain)
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
}

function bson(value: unknown): unknown {
  if (value instanceof WholeFloat) return new Double(value.value)
  if (typeof value === 'number' && Number.isInteger(value))
    return Math.abs(value) < 2 ** 31 ? value : Long.fromNumber(value)
  if (Array.isArray(value)) return value.map(bson)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, bson(each)])) satisfies Document
}
