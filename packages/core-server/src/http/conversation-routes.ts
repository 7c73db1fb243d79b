// Rasa's routes of one conversation. The id is what stands in the path, slashes and all, and is not percent-decoded.

import type { Router } from '@koa/router'
import type { Context, Middleware } from 'koa'
import { CodedError } from '@tabula/protocol'
import type { OutputChannel } from '../channels/channel.ts'
import { CollectingOutput } from '../channels/collecting-output.ts'
import type { ModelHost } from '../model-host/model-host.ts'
import type { Conversations } from '../processor/conversations.ts'
import { ApiError } from './errors.ts'
import { textArgument } from './query.ts'

export interface ConversationRouteParts {
  readonly conversations: Conversations
  readonly models: ModelHost
  readonly auth: Middleware
  /** The channel of that name, or one that collects. */
  readonly findOutput: (channel: string | null) => OutputChannel
}

type Handler = (ctx: Context, id: string, parts: ConversationRouteParts) => Promise<void>
