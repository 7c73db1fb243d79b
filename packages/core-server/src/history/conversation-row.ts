// A conversation as a row of the index, and back.

import type { ConversationSummary, Speaker } from './history-types.ts'

export interface ConversationRow {
  readonly id: number
  readonly sender: string
  readonly first_active: number
  readonly last_active: number
  readonly changed: number | string
  readonly channel: string | null
  readonly last_text: string | null
  readonly last_from: Speaker | null
  readonly turns: number
  readonly messages: number
  readonly events: number
  /** Events that were taken from the conversation itself before the event log brought them. */
  readonly ahead: number
  readonly lowest_confidence: number | null
  readonly fallback: boolean | number
  readonly paused: boolean | number
  readonly thumbs_down: boolean | number
  readonly reviewed: boolean | number
  readonly csat: number | null
  readonly model_id: string | null
  readonly note: string | null
  readonly resumes_at: number | null
  /** Time of a user's message that nobody has answered yet. */
  readonly waiting_since: number | null
}

export type NewConversationRow = Omit<ConversationRow, 'id' | 'changed'>

export function emptyRow(sender: string): NewConversationRow {
  return {
    sender,
    first_active: 0,
    last_active: 0,
    channel: null,
    last_text: null,
    last_from: null,
    turns: 0,
    messages: 0,
    events: 0,
    ahead: 0,
    lowest_confidence: null,
    fallback: false,
    paused: false,
    thumbs_down: false,
    reviewed: false,
    csat: null,
    model_id: null,
    note: null,
    resumes_at: null,
    waiting_since: null,
  }
}

export function toSummary(row: ConversationRow, tags: readonly string[]): ConversationSummary {
  const { sender, first_active, last_active, channel, last_text, last_from, turns, messages, events } = row
  return {
    sender,
    first_active,
    last_active,
    channel,
    last_text,
    last_from,
    turns,
    messages,
    events,
    lowest_confidence: row.lowest_confidence,
    fallback: Boolean(row.fallback),
    paused: Boolean(row.paused),
    resumes_at: row.resumes_at,
    thumbs_down: Boolean(row.thumbs_down),
    csat: row.csat,
    model_id: row.model_id,
    reviewed: Boolean(row.reviewed),
    note: row.note,
    tags,
  }
}
