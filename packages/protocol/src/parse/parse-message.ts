// Messages: what a user's client sends to the REST channel, what a bot answers, and what understanding made of a text.

import type { BotMessage } from '../bot-message.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import type { ParseData } from '../parse-data.ts'
import { createDoor } from './door.ts'
import { refuse, tooLarge } from './guard.ts'
import { PARSE_LIMITS } from './limits.ts'
import { BOT_MESSAGE, PARSE_DATA, USER_MESSAGE_BODY } from './schemas.ts'

const userMessageBody = createDoor('The message', USER_MESSAGE_BODY, PARSE_LIMITS.request)
const botMessage = createDoor("The bot's message", BOT_MESSAGE, PARSE_LIMITS.conversation)
const parseData = createDoor('parse_data', PARSE_DATA, PARSE_LIMITS.request)

/** The body of POST /webhooks/rest/webhook, in the words of this project. */
export interface UserMessageBody {
  /** `default` where the body names none. */
  readonly sender: string
  /** As it was sent, not trimmed; null where the body has no text: then there is nothing to answer. */
  readonly text: string | null
  readonly metadata?: JsonObject
  readonly inputChannel?: string
}

/** Throws CodedError: 400 for what is no message, 413 for one that is too long. */
export function parseUserMessageBody(value: unknown): UserMessageBody {
  const body = userMessageBody(value)
  const sender = readSender(body['sender'])
  const { message, metadata } = body
  const inputChannel = body['input_channel']
  if (typeof message === 'string') checkBytes("The message's text", message, PARSE_LIMITS.textBytes)
  if (isObject(metadata)) {
    checkBytes("The message's metadata", JSON.stringify(metadata), PARSE_LIMITS.metadataBytes)
  }
  return {
    sender,
    text: typeof message === 'string' ? message : null,
    ...(isObject(metadata) ? { metadata } : {}),
    ...(typeof inputChannel === 'string' && inputChannel !== '' ? { inputChannel } : {}),
  }
}

/** A bot's message with its own keys and all others; text that is a number or a truth value becomes text as Python writes it. */
export function parseBotMessage(value: unknown): BotMessage {
  const message = botMessage(value)
  const { text } = message
  if (typeof text !== 'number' && typeof text !== 'boolean') return message
  return { ...message, text: pythonText(text) }
}

/** Rasa's parse result from another server or a client, with an empty intent and no entities where it has none. */
export function parseParseData(value: unknown): ParseData {
  return { intent: {}, entities: [], ...parseData(value) }
}

function readSender(value: JsonValue | undefined): string {
  if (value === null || value === undefined || value === '') return 'default'
  const sender =
    typeof value === 'string' ? value : pythonText(value === true || value === false ? value : Number(value))
  if (sender.length <= PARSE_LIMITS.senderLength) return sender
  throw refuse(
    'The message',
    '/sender',
    `${sender.length} characters`,
    `at most ${PARSE_LIMITS.senderLength}`,
  )
}

function checkBytes(what: string, text: string, limit: number): void {
  const bytes = text.length > limit ? text.length : Buffer.byteLength(text)
  if (bytes > limit) throw tooLarge(what, `more than ${limit} bytes`)
}

function pythonText(value: number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
