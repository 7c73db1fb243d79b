// Rasa's routes of one conversation. The id is what stands in the path, slashes and all, and is not percent-decoded.

import type { Context } from 'koa'
import type { Schema } from '@tabula/protocol'
import type { OutputChannel } from '../channels/channel.ts'
import type { ModelHost } from '../model-host/model-host.ts'
import type { Conversations } from '../processor/conversations.ts'
import type { DialogueEngine } from '../processor/dialogue-engine.ts'
import { CONVERSATION_ID } from './api-route.ts'
import type { ApiRoute, QueryParameter, RouteAnswer, RouteBody } from './api-route.ts'
import { addMessage, execute, predict, trigger } from './conversation-turns.ts'
import { appendEvents, replaceEvents, showStory, showTracker } from './conversation-events.ts'
import { EVENT, EVENT_LIST, EXECUTE_BODY, MESSAGE_BODY, PREDICTION } from './schemas.ts'
import { TRACKER, TRIGGER_BODY, TURN_ANSWER } from './schemas.ts'

export interface ConversationRouteParts {
  readonly conversations: Conversations
  readonly engine: DialogueEngine
  readonly models: ModelHost
  /** The channel of that name, or one that collects. */
  readonly findOutput: (channel: string | null) => OutputChannel
}

export type ConversationHandler = (ctx: Context, id: string, parts: ConversationRouteParts) => Promise<void>

const INCLUDE_EVENTS: QueryParameter = {
  description: 'Which events the answer holds: NONE, APPLIED, AFTER_RESTART (default) or ALL, in any case',
  schema: { type: 'string', enum: ['NONE', 'APPLIED', 'AFTER_RESTART', 'ALL'] },
}
const OUTPUT_CHANNEL: QueryParameter = {
  description: 'Where messages go: a channel or `latest`; without it the answer holds them',
  schema: { type: 'string' },
}
const UNTIL: QueryParameter = {
  description: 'Only what happened until this time, in seconds since 1970',
  schema: { type: 'number' },
}
const flag = (description: string): QueryParameter => ({ description, schema: { type: 'boolean' } })
const json = (description: string, schema: Schema): RouteAnswer => ({
  description,
  content: { 'application/json': schema },
})
const body = (description: string, schema: Schema): RouteBody => ({
  description,
  content: { 'application/json': schema },
})
const STATE = { 200: json('The state of the conversation', TRACKER) }
const TURN = { 200: json('The state, and the messages where the answer collects them', TURN_ANSWER) }

type ConversationRoute = Omit<ApiRoute, 'path' | 'tag' | 'handle'> & {
  readonly tail: string
  readonly handle: ConversationHandler
}

const ROUTES: readonly ConversationRoute[] = [
  {
    method: 'get',
    tail: 'tracker',
    summary: 'The state of a conversation; of a new one a started session',
    query: { include_events: INCLUDE_EVENTS, until: UNTIL },
    answers: STATE,
    handle: showTracker,
  },
  {
    method: 'post',
    tail: 'tracker/events',
    summary: 'Adds an event or a list of events',
    query: {
      include_events: INCLUDE_EVENTS,
      output_channel: OUTPUT_CHANNEL,
      execute_side_effects: flag('Sends the messages and schedules the reminders that are among them'),
    },
    body: body('An event or a list of them', { anyOf: [EVENT, { ...EVENT_LIST, minItems: 1 }] }),
    answers: STATE,
    handle: appendEvents,
  },
  {
    method: 'put',
    tail: 'tracker/events',
    summary: 'Replaces all events of the conversation',
    query: { include_events: INCLUDE_EVENTS },
    body: body('A list of events', EVENT_LIST),
    answers: STATE,
    handle: replaceEvents,
  },
  {
    method: 'get',
    tail: 'story',
    summary: 'The conversation as end-to-end test stories',
    query: { until: UNTIL, all_sessions: flag('Each session as a story of its own') },
    answers: { 200: { description: 'Stories in YAML', content: { 'text/plain': { type: 'string' } } } },
    handle: showStory,
  },
  {
    method: 'post',
    tail: 'execute',
    summary: 'Runs an action by name; the state is the one before it, as in Rasa',
    query: { include_events: INCLUDE_EVENTS, output_channel: OUTPUT_CHANNEL },
    body: body('The action', EXECUTE_BODY),
    answers: TURN,
    handle: execute,
  },
  {
    method: 'post',
    tail: 'trigger_intent',
    summary: 'Lets the bot act as if the user had said this intent',
    query: { include_events: INCLUDE_EVENTS, output_channel: OUTPUT_CHANNEL },
    body: body('The intent', TRIGGER_BODY),
    answers: TURN,
    handle: trigger,
  },
  {
    method: 'post',
    tail: 'predict',
    summary: 'What the bot would do next',
    answers: { 200: json('The actions by their scores', PREDICTION) },
    handle: predict,
  },
  {
    method: 'post',
    tail: 'messages',
    summary: 'Logs a message of the user, without an answer of the bot',
    query: { include_events: INCLUDE_EVENTS },
    body: body('The message', MESSAGE_BODY),
    answers: STATE,
    handle: addMessage,
  },
]

/** All routes below /conversations/ID/. */
export function conversationRoutes(parts: ConversationRouteParts): readonly ApiRoute[] {
  return ROUTES.map(({ tail, handle, ...route }) => ({
    ...route,
    path: `/conversations/${CONVERSATION_ID}/${tail}`,
    tag: 'Tracker',
    errors: [409, 500],
    handle(ctx, id) {
      parts.models.require()
      return handle(ctx, id, parts)
    },
  }))
}
