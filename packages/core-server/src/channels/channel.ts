// What every channel is: bytes become a user message on the way in, a bot message becomes the channel's bytes on the way out.

import type { Server } from 'node:http'
import type { Router } from '@koa/router'
import type { BotMessage, Button, JsonObject, JsonValue, UserMessage } from '@tabula/protocol'
import type { Log } from '../telemetry/log.ts'
import type { SocketRelay } from './socket-relay.ts'

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
  /** Whether the messages go back as the reply to the request that asked. */
  readonly isReply?: boolean
  /** Delivers one message of a turn that is stored; where it throws it is asked again, a few times. */
  send(recipient: string, message: BotMessage): void | Promise<void>
}

/** A message as a provider delivered it. */
export interface Delivery {
  readonly message: UserMessage
  /** The provider's own id of the message, by which a repeat is recognised; null where it gives none. */
  readonly id: string | null
  /** What the channel needs to answer it later: JSON, so that it can be kept beside the message. */
  readonly address: JsonObject
}

/** A message that is stored. */
export interface Taken {
  readonly isRepeat: boolean
  /**
   * Resolves when the turn is over; what goes wrong in it is logged where it does. `waits`: it could not be handled now, and
   * is later, by this process or another.
   */
  readonly done: Promise<'over' | 'waits'>
}

/** What a channel may ask of the server. */
export interface ChannelHost {
  /**
   * Runs the whole turn that this message starts; resolves when its events are stored and its answers are sent. A message
   * that came before under the same id is answered with the same again; CodedError 422 where that one had another text.
   */
  handle(message: UserMessage, output: OutputChannel, id?: string | null): Promise<void>
  /**
   * Takes a message whose answers do not go with the reply to this request. Resolves when it is stored, so that whatever
   * happens here it is handled, and its turn is over or takes long; true where an earlier delivery was the same message.
   * CodedError 422, 429 or 503 where the message cannot be taken now.
   */
  accept(channel: DeliveringChannel, delivery: Delivery): Promise<boolean>
  /** The same without the wait for its turn: what it resolves with tells when that is over. */
  take(channel: DeliveringChannel, delivery: Delivery): Promise<Taken>
  /** What a message that came under this id before was answered with; nothing while its turn goes on. */
  repliesTo(channel: DeliveringChannel, message: UserMessage, id: string): Promise<readonly BotMessage[]>
  /** The text that the bot said last to this sender; null where it said none. */
  lastAnswer(sender: string): Promise<string | null>
  readonly log: Log
  /** Origins that browsers may connect from. */
  readonly origins: readonly string[]
  /** Carries answers to the sockets of all replicas; absent where there is this process alone. */
  readonly sockets?: SocketRelay
}

export interface Channel {
  /** Prefix of its routes and, but for `input_channel` of REST, the name in its events. */
  readonly name: string
  /** Adds its routes below /webhooks/NAME. */
  mount(router: Router): void
  /** Takes what it needs of the server itself, before that listens. */
  attach?(server: Server): void
  /** Called once when the server listens: what a provider must be told, such as where the webhook is. */
  start?(): Promise<void>
  /** Called when the server begins to stop: what is under way goes on, nothing new is taken over lasting connections. */
  beginClose?(): void
  /** Reaches a user who has not asked just now (reminders, triggered intents); absent where the channel cannot. */
  output?(): OutputChannel
  close?(): Promise<void>
}

/** A channel whose answers go to the provider in calls of their own. */
export interface DeliveringChannel extends Channel {
  /** Where the answers to a delivery go. */
  reach(address: JsonObject): OutputChannel
}

export function isDelivering(channel: Channel): channel is DeliveringChannel {
  return 'reach' in channel
}

/** Makes a channel from its entry of credentials.yml. Throws CodedError `credentials.*` on settings that cannot work. */
export type CreateChannel = (settings: Readonly<Record<string, unknown>>, host: ChannelHost) => Channel
