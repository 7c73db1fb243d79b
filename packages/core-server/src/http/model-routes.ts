// Routes about the model: what is loaded, its domain, what it makes of a text or of events, and loading another.

import { basename } from 'node:path'
import type { Middleware } from 'koa'
import type { Router } from '@koa/router'
import type { Context } from 'koa'
import type { TurnContext } from '@tabula/dialogue'
import { CodedError } from '@tabula/protocol'
import type { ModelHost } from '../model-host/model-host.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { DialogueEngine } from '../processor/dialogue-engine.ts'
import { parseMessage } from '../processor/parse-message.ts'
import { isRecord, readBody, readExactJson, readJson } from './body.ts'
import { findEmulator } from './emulate.ts'
import { ApiError, badRequest } from './errors.ts'
import { readEvents } from './events-body.ts'
import { sendJson, sendText } from './json-answer.ts'
import { eventVerbosity, textArgument } from './query.ts'
import { toPrediction } from './prediction.ts'

export interface ModelRouteParts {
  readonly models: ModelHost
  readonly auth: Middleware
  readonly engine: DialogueEngine
  /** A context for looking at the dialogue without running it. */
  readonly context: (model: ServedModel) => TurnContext
}

export function addModelRoutes(router: Router, { models, auth, engine, context }: ModelRouteParts): void {
  router.get('/status', auth, ctx => {
    const { file, metadata } = models.require()
    const model_file = file === undefined ? null : basename(file)
    sendJson(ctx, { model_file, model_id: metadata.model_id, num_active_training_jobs: 0 })
  })
  router.get('/domain', auth, ctx => sendDomain(ctx, models.require()))
  router.post('/model/parse', auth, ctx => parse(ctx, models.require()))
  router.post('/model/predict', auth, ctx => predict(ctx, models.require(), engine, context))
  router.put('/model', auth, ctx => loadModel(ctx, models))
  router.delete('/model', auth, ctx => {
    models.swap(null)
    ctx.status = 204
  })
}

// Rasa refuses `Accept: */*` here; that is what most clients send, so it gets JSON.
async function sendDomain(ctx: Context, { domain }: ServedModel): Promise<void> {
  const accept = ctx.get('Accept')
  if (accept === '' || accept.endsWith('json') || accept.endsWith('*/*')) {
    sendJson(ctx, domain.asDict())
  } else if (accept.endsWith('yml') || accept.endsWith('yaml')) {
    const { stringify } = await import('yaml')
    sendText(ctx, stringify(domain.asDict()), 'application/x-yaml')
  } else {
    throw new ApiError({
      status: 406,
      reason: 'NotAcceptable',
      message: `The domain is given as application/json or application/x-yaml, not as ${accept}.`,
    })
  }
}

async function parse(ctx: Context, model: ServedModel): Promise<void> {
  const bytes = await readBody(ctx.req)
  if (bytes.length === 0) throw badRequest('The body should hold the text to parse: {"text": "..."}.')
  const emulate = findEmulator(textArgument(ctx, 'emulation_mode'))
  const text = textOf(bytes)
  try {
    sendJson(ctx, emulate(await parseMessage(model, text)))
  } catch (cause) {
    if (cause instanceof CodedError && cause.status < 500) throw cause
    throw new ApiError({
      status: 500,
      reason: 'ParsingError',
      message: 'An unexpected error occurred while parsing. The log says more.',
      cause,
    })
  }
}

/** Rasa answers 500 to what is no JSON or has no text; it is the caller's mistake, so it is a 400 of the same reason. */
function textOf(bytes: Buffer): string {
  const wrong = (message: string): ApiError => new ApiError({ status: 400, reason: 'ParsingError', message })
  let body: unknown
  try {
    body = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw wrong('Failed when parsing body as json')
  }
  const given = isRecord(body) ? body['text'] : undefined
  const text: unknown = Array.isArray(given) ? given[0] : given
  if (typeof text !== 'string') throw wrong('text should be a text.')
  return text
}

async function predict(
  ctx: Context,
  model: ServedModel,
  engine: DialogueEngine,
  context: ModelRouteParts['context'],
): Promise<void> {
  const events = readEvents(await readExactJson(ctx.req))
  const verbosity = eventVerbosity(ctx)
  const tracker = engine.fold('default', model.domain, events)
  const prediction = engine.predictNext(context(model), tracker)
  const body = prediction === null ? null : toPrediction(prediction, model.domain)
  sendJson(ctx, body === null ? null : { ...body, tracker: tracker.toState(verbosity) })
}

async function loadModel(ctx: Context, models: ModelHost): Promise<void> {
  const body = await readJson(ctx.req)
  if (body === null) throw badRequest('The body should name a model: {"model_file": "..."}.')
  const file = isRecord(body) ? body['model_file'] : undefined
  const unloadable = (cause?: unknown): ApiError =>
    new ApiError({
      status: 400,
      reason: 'BadRequest',
      message: `The model ${typeof file === 'string' ? file : '(none named)'} cannot be loaded.`,
      parameter: { name: 'model', in: 'query' },
      cause,
    })
  if (typeof file !== 'string' || file === '') throw unloadable()
  try {
    await models.load(file)
  } catch (error) {
    throw unloadable(error)
  }
  ctx.status = 204
}
