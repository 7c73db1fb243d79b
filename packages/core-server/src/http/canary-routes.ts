// Which models answer: the live one, a canary for a share of the senders, and the way back. Rasa has no such routes.

import { basename } from 'node:path'
import type { Context } from 'koa'
import { CodedError } from '@tabula/protocol'
import type { Schema } from '@tabula/protocol'
import type { ModelHost } from '../model-host/model-host.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { ApiRoute, RouteBody } from './api-route.ts'
import { readJsonObject } from './body.ts'
import { ApiError, badRequest } from './errors.ts'
import { sendJson } from './json-answer.ts'

export interface ModelSummary {
  readonly model_file: string | null
  readonly model_id: string
}

const MODEL: Schema = {
  type: ['object', 'null'],
  properties: { model_file: { type: ['string', 'null'] }, model_id: { type: 'string' } },
}
const ANSWER = {
  200: {
    description: 'The models that answer',
    content: {
      'application/json': {
        type: 'object',
        properties: { live: MODEL, canary: MODEL, previous: MODEL },
        required: ['live', 'canary', 'previous'],
      },
    },
  },
} as const

/** GET /models, PUT and DELETE /models/canary, POST /models/canary/promote, POST /models/rollback. */
export function canaryRoutes(models: ModelHost): readonly ApiRoute[] {
  const route = (
    method: ApiRoute['method'],
    path: string,
    summary: string,
    change: (ctx: Context) => Promise<void> | void,
    body?: RouteBody,
  ): ApiRoute => ({
    method,
    path,
    tag: 'Model',
    summary,
    ...(body === undefined ? {} : { body }),
    answers: ANSWER,
    errors: [409],
    async handle(ctx) {
      await change(ctx)
      sendJson(ctx, overviewOf(models))
    },
  })
  return [
    route('get', '/models', 'The models that answer', () => undefined),
    route(
      'put',
      '/models/canary',
      'Tries a model on a share of the senders',
      ctx => startCanary(ctx, models),
      CANARY_BODY,
    ),
    route('delete', '/models/canary', 'Gives the senders of the canary back', () => {
      models.dropCanary()
    }),
    route('post', '/models/canary/promote', 'Makes the canary the live model', () => {
      models.promoteCanary()
    }),
    route('post', '/models/rollback', 'Goes back to the model before', () => {
      models.rollBack()
    }),
  ]
}

const CANARY_BODY: RouteBody = {
  description: 'The model, and the part of the senders that it answers',
  content: {
    'application/json': {
      type: 'object',
      properties: {
        model_file: { type: 'string', minLength: 1 },
        share: { type: 'number', minimum: 0, maximum: 1 },
      },
      required: ['model_file', 'share'],
    },
  },
}

async function startCanary(ctx: Context, models: ModelHost): Promise<void> {
  const { model_file: file, share } = await readJsonObject(ctx.req)
  if (typeof file !== 'string' || file === '')
    throw badRequest('model_file should name a model.', 'model_file')
  if (typeof share !== 'number' || !(share >= 0 && share <= 1))
    throw badRequest(
      'share should be a number from 0 to 1: the part of the senders that it answers.',
      'share',
    )
  await models.startCanary(file, share).catch((cause: unknown) => {
    if (cause instanceof CodedError && cause.status === 409) throw cause
    throw new ApiError({
      status: 400,
      reason: 'BadRequest',
      message: `The model ${file} cannot be loaded.`,
      parameter: { name: 'model_file', in: 'body' },
      cause,
    })
  })
}

/** What is live, what is tried out, and what a roll-back would return to. */
export function overviewOf({ current, canary, previous }: ModelHost): {
  readonly live: ModelSummary | null
  readonly canary: (ModelSummary & { readonly share: number }) | null
  readonly previous: ModelSummary | null
} {
  return {
    live: summaryOf(current),
    canary: canary === null ? null : { ...summaryOf(canary.model), share: canary.share },
    previous: summaryOf(previous),
  }
}

function summaryOf(model: ServedModel): ModelSummary
function summaryOf(model: ServedModel | null): ModelSummary | null
function summaryOf(model: ServedModel | null): ModelSummary | null {
  if (model === null) return null
  const { file, metadata } = model
  return { model_file: file === undefined ? null : basename(file), model_id: metadata.model_id }
}
