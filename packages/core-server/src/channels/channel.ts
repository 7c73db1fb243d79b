// What every channel is: bytes become a user message on the way in, a bot message becomes the channel's bytes on the way out.

import type { Server } from 'node:http'
import type { Router } from '@koa/router'
import type { BotMessage, Button, JsonValue, UserMessage } from '@tabula/protocol'
import type { Log } from '../telemetry/log.ts'

/** One answer as REST gives it; keys without a value are left out. */
export interface CollectedMessage {
  readonly recipient_id: string
  readonly text?: string
  readonly image?: string
  readonly buttons?: readonly Button[]
  readonly attachment?: JsonValue
  readonly custom?: JsonValue
}

/** Where the messages of a turn go. */
export interface OutputChannel {
  /** Compared with the `channel` of a response variation. */
  readonly name: string
  /** What was sent so far, in REST's shapes, where the channel collects it. */
  readonly messages?: readonly CollectedMessage[]
  /** Delivers one message; a throw ends the turn, and nothing of the turn is stored. */
  send(recipient: string, message: BotMessage): void | Promise<void>
}

/** What a channel may ask of the server. */
export interface ChannelHost {
  /** Runs the whole turn that this message starts; resolves when its answers are sent and its events are stored. */
  handle(message: UserMessage, output: OutputChannel): Promise<void>
  readonly log: Log
  /** Origins that browsers may connect from. */
  readonly origins: readonly string[]
}

export interface Channel {
  /** Prefix of its routes and, but for `input_channel` of REST, the name in its events. */
  readonly name: string
  /** Adds its routes below /webhooks/NAME. */
  mount(router: Router): void
  /** Takes what it needs of the server itself, before that listens. */
  attach?(server: Server): void
  /** Reaches a user who has not asked just now (reminders, triggered intents); absent where the channel cannot. */
  output?(): OutputChannel
  close?(): Promise<void>
}

/** Makes a channel from its entry of credentials.yml. Throws CodedError `credentials.*` on settings that cannot work. */
export type CreateChannel = (settings: Readonly<Record<string, unknown>>, host: ChannelHost) => Channel
