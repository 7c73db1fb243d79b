// What the public side asks of a process of role inference, beside the webhook. Inside the network only, and behind the
// token of the API where there is one. A sender is in the body: a path cannot carry every id.

import type { Router } from '@koa/router'
import { CodedError, createDoor, parseEvents, PARSE_LIMITS } from '@tabula/protocol'
import type { JsonObject, Schema } from '@tabula/protocol'
import { readJson } from '../http/body.ts'
import { sendJson } from '../http/json-answer.ts'
import type { Assistant, ModelChange } from './assistant.ts'

export const ASSISTANT_PATHS = {
  append: '/assistant/append',
  forget: '/assistant/forget',
  models: '/assistant/models',
} as const

const sender: Schema = { type: 'string', minLength: 1, maxLength: PARSE_LIMITS.senderLength }
const appendBody = createDoor(
  'The body',
  {
    type: 'object',
    properties: { sender, events: { type: 'array', minItems: 1 }, send: { type: 'boolean' } },
    required: ['sender', 'events', 'send'],
  },
  PARSE_LIMITS.request,
)
const forgetBody = createDoor(
  'The body',
  { type: 'object', properties: { sender }, required: ['sender'] },
  PARSE_LIMITS.request,
)
const modelsBody = createDoor(
  'The body',
  {
    type: 'object',
    properties: {
      kind: { type: 'string', enum: ['canary', 'drop', 'promote', 'rollback'] },
      model_file: { type: 'string' },
      share: { type: 'number', minimum: 0, maximum: 1 },
    },
    required: ['kind'],
  },
  PARSE_LIMITS.request,
)

export function addAssistantRoutes(router: Router, assistant: Assistant): void {
  router.post(ASSISTANT_PATHS.append, async ctx => {
    const { sender: id, events, send } = appendBody(await readJson(ctx.req))
    await assistant.append(textOf(id), parseEvents(Array.isArray(events) ? events : []), {
      send: send === true,
    })
    ctx.status = 204
  })
  router.post(ASSISTANT_PATHS.forget, async ctx => {
    await assistant.forget(textOf(forgetBody(await readJson(ctx.req))['sender']))
    ctx.status = 204
  })
  router.get(ASSISTANT_PATHS.models, async ctx => {
    sendJson(ctx, await assistant.models())
  })
  router.post(ASSISTANT_PATHS.models, async ctx => {
    await assistant.changeModels(readChange(modelsBody(await readJson(ctx.req))))
    ctx.status = 204
  })
}

function readChange({ kind, model_file: file, share }: JsonObject): ModelChange {
  if (kind === 'drop' || kind === 'promote' || kind === 'rollback') return { kind }
  if (typeof file === 'string' && typeof share === 'number')
    return { kind: 'canary', model_file: file, share }
  throw new CodedError('assistant.models', 'A canary needs model_file and share.', { status: 400 })
}

/** The door has checked it. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
