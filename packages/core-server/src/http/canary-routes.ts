// Which models answer: the live one, a canary for a share of the senders, and the way back. Rasa has no such routes.

import { basename } from 'node:path'
import type { Router } from '@koa/router'
import type { Middleware } from 'koa'
import { CodedError } from '@tabula/protocol'
import type { ModelHost } from '../model-host/model-host.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import { readJsonObject } from './body.ts'
import { ApiError, badRequest } from './errors.ts'
import { sendJson } from './json-answer.ts'

export interface CanaryRouteParts {
  readonly models: ModelHost
  readonly auth: Middleware
}

export interface ModelSummary {
  readonly model_file: string | null
  readonly model_id: string
}

/** GET /models, PUT and DELETE /models/canary, POST /models/canary/promote, POST /models/rollback. */
export function addCanaryRoutes(router: Router, { models, auth }: CanaryRouteParts): void {
  router.get('/models', auth, ctx => {
    sendJson(ctx, overviewOf(models))
  })
  router.put('/models/canary', auth, async ctx => {
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
    sendJson(ctx, overviewOf(models))
  })
  router.delete('/models/canary', auth, ctx => {
    models.dropCanary()
    sendJson(ctx, overviewOf(models))
  })
  router.post('/models/canary/promote', auth, ctx => {
    models.promoteCanary()
    sendJson(ctx, overviewOf(models))
  })
  router.post('/models/rollback', auth, ctx => {
    models.rollBack()
    sendJson(ctx, overviewOf(models))
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
