// What a bot says: one message before a channel renders it, and the shapes of its parts.

import type { JsonObject, JsonValue } from './json.ts'

export interface Button {
  readonly title?: string
  readonly payload?: string
  readonly [other: string]: JsonValue | undefined
}

/** A rendered response, before it is sent: the keys of a domain's response variation, interpolated. */
export interface BotMessage {
  readonly text?: string | null
  readonly buttons?: readonly Button[] | null
  readonly quick_replies?: readonly JsonValue[] | null
  readonly image?: string | null
  readonly attachment?: JsonValue
  readonly elements?: readonly JsonValue[] | null
  readonly custom?: JsonValue
  /** Every other key goes into the bot event's metadata: utter_action, id, channel, condition ... */
  readonly [other: string]: JsonValue | undefined
}

/** The `data` of a bot event: all six keys, null where absent, in what a bot says; what a client adds may have fewer. */
export interface BotData {
  readonly elements?: readonly JsonValue[] | null
  readonly quick_replies?: readonly JsonValue[] | null
  readonly buttons?: readonly Button[] | null
  readonly attachment?: JsonValue
  readonly image?: string | null
  readonly custom?: JsonValue
}

/** A message of a user as a channel hands it in. */
export interface UserMessage {
  readonly text: string | null
  readonly senderId: string
  /** null where no channel carried it: a message that the API logs. */
  readonly inputChannel: string | null
  readonly messageId?: string
  readonly metadata?: JsonObject
  /** Whether its text is words alone: `/intent{...}` is then understood like any other text. */
  readonly isPlainText?: boolean
  /** Set where the message was understood elsewhere. */
  readonly parseData?: JsonObject
}
