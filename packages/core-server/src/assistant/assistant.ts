// The bot as the public side reaches it: in this process, or over HTTP in another.

import type { JsonObject, TrackerEvent } from '@tabula/protocol'

export interface VisitorMessage {
  readonly sender: string
  /** The same id is answered once, and again with the same answer. */
  readonly messageId: string
  /** The body as POST /webhooks/rest/webhook takes it. */
  readonly body: JsonObject
}

export interface ModelName {
  readonly model_file: string | null
  readonly model_id: string
}

export interface ModelsOverview {
  readonly live: ModelName | null
  /** The model that is tried out, with its share of senders (0 to 1). */
  readonly canary: (ModelName & { readonly share: number }) | null
  /** What a roll-back returns to. */
  readonly previous: ModelName | null
  /** Names in the live model. */
  readonly intents: readonly string[]
  readonly entities: readonly string[]
  readonly actions: readonly string[]
}

export type ModelChange =
  | { readonly kind: 'canary'; readonly model_file: string; readonly share: number }
  | { readonly kind: 'drop' | 'promote' | 'rollback' }

export interface Assistant {
  /**
   * Rasa's list of answers as JSON. Throws CodedError `assistant.away` (503, details.retryAfter) where the bot cannot be
   * reached, and what the bot refuses with (429, 400, 409, 413) as it refuses it.
   */
  say(message: VisitorMessage): Promise<string>
  /** Appends events to a conversation, in its turn; with `send` what they make the bot say goes to the user's channel. */
  append(sender: string, events: readonly TrackerEvent[], options: { readonly send: boolean }): Promise<void>
  /** Drops what processes keep of the conversation in memory. */
  forget(sender: string): Promise<void>
  models(): Promise<ModelsOverview>
  /** Throws CodedError 400 or 409 as the model host does. */
  changeModels(change: ModelChange): Promise<void>
  /** Whether a message would be taken now. */
  isReady(): Promise<boolean>
  close(): Promise<void>
}
