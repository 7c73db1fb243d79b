// What events add to a conversation's row in the index, to its messages, and to the figures of their hours. Pure: the same
// events give the same, however they are cut into pieces.

import type { IntentPrediction, LoggedEvent } from '@tabula/protocol'
import type { NewConversationRow } from './conversation-row.ts'
import type { MisunderstoodReason, Speaker } from './history-types.ts'
import { isExternal, saidBy } from './transcript.ts'

export interface MessageRow {
  readonly number: number
  readonly time: number
  readonly speaker: Speaker
  readonly text: string
  readonly intent: string | null
  readonly confidence: number | null
  readonly reasons: readonly MisunderstoodReason[]
}

/** A figure of an hour (hours since 1970): `value` tells intents, channels and scores apart. */
export interface HourFigure {
  readonly hour: number
  readonly name: string
  readonly value: string
  readonly count: number
}

export interface Digest {
  readonly row: NewConversationRow
  readonly messages: readonly MessageRow[]
  /** Numbers of messages whose answer was not liked. */
  readonly disliked: readonly number[]
  readonly facets: ReadonlyMap<string, { readonly kind: 'intent' | 'action'; readonly value: string }>
  readonly figures: readonly HourFigure[]
}

const LONGEST_TEXT = 200
const FALLBACK_INTENT = 'nlu_fallback'
const FALLBACK_ACTIONS = new Set([
  'action_default_fallback',
  'action_two_stage_fallback',
  'action_default_ask_affirmation',
  'action_default_ask_rephrase',
])
/** What every conversation is full of tells none of them apart. */
const COMMON_ACTIONS = new Set(['action_listen', 'action_session_start'])
/** Steps of the buckets of response times: each is 1.25 times the one before it, the first ends at a millisecond. */
const RESPONSE_STEP = 1.25

/** The row and what is new, after these events; `lowConfidence` is the bound below which understanding counts as unsure. */
export function digest(
  before: NewConversationRow,
  events: readonly LoggedEvent[],
  lowConfidence: number,
): Digest {
  const builder = new DigestBuilder(before, lowConfidence)
  for (const event of events) builder.add(event)
  return builder.result()
}

class DigestBuilder {
  #row: NewConversationRow
  readonly #low: number
  readonly #messages: MessageRow[] = []
  readonly #disliked: number[] = []
  readonly #facets = new Map<string, { readonly kind: 'intent' | 'action'; readonly value: string }>()
  readonly #figures = new Map<string, HourFigure>()

  constructor(row: NewConversationRow, low: number) {
    this.#row = row
    this.#low = low
  }

  result(): Digest {
    return {
      row: this.#row,
      messages: this.#messages,
      disliked: this.#disliked,
      facets: this.#facets,
      figures: [...this.#figures.values()],
    }
  }

  add(event: LoggedEvent): void {
    const number = this.#row.events
    const time = event.timestamp
    if (number === 0) this.#count(time, 'conversations')
    const model = event.metadata?.['model_id']
    this.#set({
      events: number + 1,
      first_active: number === 0 ? time : this.#row.first_active,
      last_active: Math.max(this.#row.last_active, time),
      ...(typeof model === 'string' ? { model_id: model } : {}),
    })
    if (event.event === 'user') this.#addUser(event, number)
    else if (event.event === 'action') this.#addAction(event.name, time)
    else if (event.event === 'slot') this.#addRating(event, time)
    else if (event.event === 'pause') this.#set({ paused: true })
    else if (event.event === 'resume' || event.event === 'restart') this.#set({ paused: false })
    else this.#addSaid(event, number)
  }

  #addUser(event: LoggedEvent & { readonly event: 'user' }, number: number): void {
    if (isExternal(event)) return
    const time = event.timestamp
    const { name: intent, confidence: given }: Partial<IntentPrediction> = event.parse_data.intent
    const name = intent ?? null
    const confidence = given ?? null
    const text = event.text ?? ''
    const isCommand = text.startsWith('/')
    const isFallback = name === FALLBACK_INTENT
    const isLow = !isCommand && confidence !== null && confidence < this.#low
    const reasons: MisunderstoodReason[] = []
    if (isLow || isFallback) reasons.push('low_confidence')
    if (isFallback) reasons.push('fallback')
    this.#message({ number, time, speaker: 'user', text, intent: name, confidence, reasons })
    const { lowest_confidence: lowest } = this.#row
    this.#set({
      turns: this.#row.turns + 1,
      channel: event.input_channel ?? this.#row.channel,
      waiting_since: time,
      fallback: Boolean(this.#row.fallback) || isFallback,
      ...(confidence === null || isCommand ? {} : { lowest_confidence: Math.min(lowest ?? 1, confidence) }),
    })
    if (name !== null) {
      this.#facets.set(`intent ${name}`, { kind: 'intent', value: name })
      this.#count(time, 'intent', name)
    }
    this.#count(time, 'user_messages')
    if (isFallback) this.#count(time, 'fallbacks')
    if (isLow || isFallback) this.#count(time, 'low_confidence')
    if (event.input_channel !== null) this.#count(time, 'channel', event.input_channel)
  }

  #addAction(name: string | null, time: number): void {
    if (name === null || COMMON_ACTIONS.has(name)) return
    this.#facets.set(`action ${name}`, { kind: 'action', value: name })
    if (!FALLBACK_ACTIONS.has(name)) return
    this.#set({ fallback: true })
    const asked = this.#messages.findLast(({ speaker }) => speaker === 'user')
    if (asked === undefined || asked.reasons.includes('fallback')) return
    this.#messages[this.#messages.indexOf(asked)] = { ...asked, reasons: [...asked.reasons, 'fallback'] }
    this.#count(time, 'fallbacks')
  }

  #addRating({ name, value }: LoggedEvent & { readonly event: 'slot' }, time: number): void {
    if (name === 'csat' && typeof value === 'number' && value >= 1 && value <= 5) {
      this.#set({ csat: Math.round(value) })
      this.#count(time, 'csat', String(Math.round(value)))
    }
    if (name !== 'vote' || value === null || typeof value !== 'object' || Array.isArray(value)) return
    const { vote, about } = value as Readonly<Record<string, unknown>>
    if (vote !== 'up' && vote !== 'down') return
    this.#count(time, 'vote', vote)
    if (vote === 'up' || typeof about !== 'number') return
    this.#set({ thumbs_down: true })
    this.#disliked.push(about)
  }

  #addSaid(event: LoggedEvent, number: number): void {
    const said = saidBy(event, number)
    if (said === null) return
    const { time, from: speaker } = said
    this.#message({
      number,
      time,
      speaker,
      text: said.text ?? '',
      intent: null,
      confidence: null,
      reasons: [],
    })
    this.#count(time, speaker === 'human' ? 'human_messages' : 'bot_messages')
    const { waiting_since: since } = this.#row
    if (since === null) return
    this.#set({ waiting_since: null })
    if (speaker === 'human') return
    const seconds = Math.max(0, time - since)
    this.#count(time, 'response_count')
    this.#count(time, 'response_seconds', '', seconds)
    this.#count(time, 'response_bucket', String(responseBucket(seconds)))
  }

  #message(message: MessageRow): void {
    this.#messages.push(message)
    const text = message.text.length > LONGEST_TEXT ? `${cut(message.text)}…` : message.text
    this.#set({
      messages: this.#row.messages + 1,
      ...(text === '' ? {} : { last_text: text, last_from: message.speaker }),
    })
  }

  #set(change: Partial<NewConversationRow>): void {
    this.#row = { ...this.#row, ...change }
  }

  #count(time: number, name: string, value = '', count = 1): void {
    const hour = Math.floor(time / 3600)
    const key = `${hour} ${name} ${value}`
    const before = this.#figures.get(key)?.count ?? 0
    this.#figures.set(key, { hour, name, value: value.slice(0, 255), count: before + count })
  }
}

/** Not in the middle of a letter that has two units. */
function cut(text: string): string {
  return text.slice(0, LONGEST_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')
}

export function responseBucket(seconds: number): number {
  return Math.max(0, Math.ceil(Math.log(Math.max(seconds, 0.001) * 1000) / Math.log(RESPONSE_STEP)))
}

/** Seconds at which the bucket ends. */
export function bucketEnd(bucket: number): number {
  return RESPONSE_STEP ** bucket / 1000
}
