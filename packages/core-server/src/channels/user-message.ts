// Makes user messages as Rasa makes them of what a channel was sent.

import { stripText } from '@tabula/nlu'
import type { JsonObject, UserMessage } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'

/** The sender of every message that names none. */
export const SHARED_SENDER = 'default'

export interface ReceivedMessage {
  readonly text: string | null
  readonly sender: unknown
  readonly channel: string
  readonly metadata?: unknown
}

/** The message with its text trimmed and its sender as text; without a sender it is Rasa's shared `default`. */
export function toUserMessage({ text, sender, channel, metadata }: ReceivedMessage): UserMessage {
  return {
    text: text === null ? null : stripText(text),
    senderId: senderId(sender),
    inputChannel: channel,
    ...(isJsonObject(metadata) ? { metadata } : {}),
  }
}

function senderId(sender: unknown): string {
  if (sender === null || sender === undefined || sender === '') return SHARED_SENDER
  if (typeof sender === 'string') return sender
  return JSON.stringify(sender)
}

/** Metadata came out of JSON.parse, so an object of it is JSON. */
function isJsonObject(value: unknown): value is JsonObject {
  return isRecord(value)
}
