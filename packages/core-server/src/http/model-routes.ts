// Routes about the model: what is loaded, its domain, what it makes of a text or of events, and loading another.

import { basename } from 'node:path'
import type { Context } from 'koa'
import type { TurnContext } from '@tabula/dialogue'
import { CodedError } from '@tabula/protocol'
import type { ModelHost } from '../model-host/model-host.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { Trainer } from '../model-host/trainer.ts'
import type { DialogueEngine } from '../processor/dialogue-engine.ts'
import { parseMessage } from '../processor/parse-message.ts'
import type { ApiRoute } from './api-route.ts'
import { readLoadModelBody, readParseBody } from './bodies.ts'
import type { ModelSource } from './bodies.ts'
import { parseJson, readBody, readExactJson, readJson } from './body.ts'
import { findEmulator } from './emulate.ts'
import { ApiError, badRequest } from './errors.ts'
import { readEventList } from './events-body.ts'
import { sendJson, sendText } from './json-answer.ts'
import { toPrediction } from './prediction.ts'
import { eventVerbosity, textArgument } from './query.ts'
import { DOMAIN, EVENT_LIST, LOAD_MODEL_BODY, PARSE_BODY, PREDICTION, STATUS } from './schemas.ts'

export interface ModelRouteParts {
  readonly models: ModelHost
  readonly engine: DialogueEngine
  readonly trainer: Trainer
  /** Takes the model of a source beside the current one and then serves it; on failure the current one stays. */
  readonly load: (source: ModelSource) => Promise<void>
  /** A context for looking at the dialogue without running it. */
  readonly context: (model: ServedModel) => TurnContext
}

const JSON_TYPE = 'application/json'

export function modelRoutes(parts: ModelRouteParts): readonly ApiRoute[] {
  const { models, trainer } = parts
  return [
    {
      method: 'get',
      path: '/status',
      tag: 'Server',
      summary: 'The model at hand, and trainings under way',
      answers: { 200: { description: 'The status', content: { [JSON_TYPE]: STATUS } } },
      errors: [409],
      handle(ctx) {
        const { file, metadata } = models.require()
        const model_file = file === undefined ? null : basename(file)
        sendJson(ctx, { model_file, model_id: metadata.model_id, num_active_training_jobs: trainer.active })
      },
    },
    {
      method: 'get',
      path: '/domain',
      tag: 'Model',
      summary: 'The domain of the model',
      answers: {
        200: {
          description: 'The domain',
          content: { [JSON_TYPE]: DOMAIN, 'application/x-yaml': { type: 'string' } },
        },
      },
      errors: [406, 409],
      handle: ctx => sendDomain(ctx, models.require()),
    },
    {
      method: 'post',
      path: '/model/parse',
      tag: 'Model',
      summary: 'What understanding makes of a text',
      query: {
        emulation_mode: {
          description: 'WIT, LUIS or DIALOGFLOW, in any case: the answer in the shape of that service',
          schema: { type: 'string' },
        },
      },
      body: { description: 'The text', content: { [JSON_TYPE]: PARSE_BODY } },
      answers: { 200: { description: 'The parse result', content: { [JSON_TYPE]: { type: 'object' } } } },
      errors: [409, 500],
      handle: ctx => parse(ctx, models.require()),
    },
    {
      method: 'post',
      path: '/model/predict',
      tag: 'Model',
      summary: 'What the bot would do next after these events',
      query: {
        include_events: {
          description: 'Which events the answer holds: NONE, APPLIED, AFTER_RESTART (default) or ALL',
          schema: { type: 'string' },
        },
      },
      body: { description: 'A list of events', content: { [JSON_TYPE]: EVENT_LIST } },
      answers: { 200: { description: 'The actions', content: { [JSON_TYPE]: PREDICTION } } },
      errors: [409, 500],
      handle: ctx => predict(ctx, models.require(), parts),
    },
    {
      method: 'put',
      path: '/model',
      tag: 'Model',
      summary: 'Loads another model; the one at hand serves until then, and stays where that fails',
      body: { description: 'Where it comes from', content: { [JSON_TYPE]: LOAD_MODEL_BODY } },
      answers: { 204: { description: 'It is loaded' } },
      handle: ctx => loadModel(ctx, parts),
    },
    {
      method: 'delete',
      path: '/model',
      tag: 'Model',
      summary: 'Serves no model any more',
      answers: { 204: { description: 'It is unloaded' } },
      handle(ctx) {
        models.swap(null)
        ctx.status = 204
      },
    },
  ]
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
  try {
    return readParseBody(parseJson(bytes))
  } catch (cause) {
    if (!(cause instanceof CodedError) || cause.status !== 400) throw cause
    throw new ApiError({ status: 400, reason: 'ParsingError', message: cause.message, cause })
  }
}

async function predict(
  ctx: Context,
  model: ServedModel,
  { engine, context }: ModelRouteParts,
): Promise<void> {
  const events = readEventList(await readExactJson(ctx.req))
  const verbosity = eventVerbosity(ctx)
  const tracker = engine.fold('default', model.domain, events)
  const prediction = engine.predictNext(context(model), tracker)
  const body = prediction === null ? null : toPrediction(prediction, model.domain)
  sendJson(ctx, body === null ? null : { ...body, tracker: tracker.toState(verbosity) })
}

async function loadModel(ctx: Context, { load }: ModelRouteParts): Promise<void> {
  const source = readLoadModelBody(await readJson(ctx.req))
  if (source === null) throw unloadable('(none named)')
  const named = nameOf(source)
  try {
    await load(source)
  } catch (error) {
    if (error instanceof CodedError && error.code === 'outgoing.refused') throw error
    throw unloadable(named, error)
  }
  ctx.status = 204
}

function nameOf(source: ModelSource): string {
  if (source.kind === 'file') return source.file
  return source.kind === 'server' ? source.url : source.name
}

function unloadable(name: string, cause?: unknown): ApiError {
  const why = cause instanceof CodedError ? ` ${cause.message}` : ''
  return new ApiError({
    status: 400,
    reason: 'BadRequest',
    message: `The model ${name} cannot be loaded.${why}`,
    parameter: { name: 'model', in: 'query' },
    cause,
  })
}
