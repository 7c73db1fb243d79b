// Rasa's routes of one conversation. The id is what stands in the path, slashes and all, and is not percent-decoded.

import type { Router } from '@koa/router'
import type { Context, Middleware } from 'koa'
import type { OutputChannel } from '../channels/channel.ts'
import type { ModelHost } from '../model-host/model-host.ts'
import type { Conversations } from '../processor/conversations.ts'
import type { DialogueEngine } from '../processor/dialogue-engine.ts'
import { addMessage, execute, predict, trigger } from './conversation-turns.ts'
import { appendEvents, replaceEvents, showStory, showTracker } from './conversation-events.ts'

export interface ConversationRouteParts {
  readonly conversations: Conversations
  readonly engine: DialogueEngine
  readonly models: ModelHost
  readonly auth: Middleware
  /** The channel of that name, or one that collects. */
  readonly findOutput: (channel: string | null) => OutputChannel
}

export type ConversationHandler = (ctx: Context, id: string, parts: ConversationRouteParts) => Promise<void>

const ROUTES: readonly (readonly ['get' | 'post' | 'put', string, ConversationHandler])[] = [
  ['get', 'tracker', showTracker],
  ['post', 'tracker/events', appendEvents],
  ['put', 'tracker/events', replaceEvents],
  ['get', 'story', showStory],
  ['post', 'execute', execute],
  ['post', 'trigger_intent', trigger],
  ['post', 'predict', predict],
  ['post', 'messages', addMessage],
]

/** All routes below /conversations/ID/. */
export function addConversationRoutes(router: Router, parts: ConversationRouteParts): void {
  for (const [method, tail, handler] of ROUTES) {
    router[method](new RegExp(`^/conversations/(.+)/${tail}/?$`), parts.auth, async ctx => {
      parts.models.require()
      await handler(ctx, ctx.captures?.[0] ?? '', parts)
    })
  }
}
