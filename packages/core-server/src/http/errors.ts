// Every error answer has Rasa's body, also where Rasa's framework answers in its own shape (404, 405, unreadable JSON).

import type { Context, Middleware } from 'koa'
import { CodedError } from '@tabula/protocol'
import type { Log } from '../telemetry/log.ts'
import { requestId } from '../telemetry/request-id.ts'
import { errorBody } from './error-body.ts'
import type { ErrorBody } from './error-body.ts'
import { sendJson } from './json-answer.ts'

/** The parts of Rasa's error body that a route chooses. */
export interface ApiErrorParts {
  readonly status: number
  readonly reason: string
  readonly message: string
  readonly parameter?: { readonly name: string; readonly in: 'query' | 'body' }
  readonly cause?: unknown
}

/** An error with Rasa's `reason`. */
export class ApiError extends CodedError {
  readonly reason: string
  readonly parameter: ApiErrorParts['parameter']

  constructor({ status, reason, message, parameter, cause }: ApiErrorParts) {
    super(`http.${status}`, message, { status, cause })
    this.name = 'ApiError'
    this.reason = reason
    this.parameter = parameter
  }
}

/** A 400 about one parameter, as Rasa words its kind. */
export function badRequest(message: string, name?: string, place: 'query' | 'body' = 'body'): ApiError {
  return new ApiError({
    status: 400,
    reason: 'BadRequest',
    message,
    ...(name === undefined ? {} : { parameter: { name, in: place } }),
  })
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'NotAuthenticated',
  403: 'NotAuthorized',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  422: 'UnprocessableContent',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
}
const FAULT = 'The server encountered an internal error and cannot complete your request.'

/** Turns whatever is thrown behind it into Rasa's error body; a fault of ours is logged and says nothing of itself. */
export function answerErrors(log: Log): Middleware {
  return async function errorAnswers(ctx, next) {
    try {
      await next()
      if (ctx.status === 404 && ctx.body === undefined) throw notFound(ctx)
    } catch (error) {
      answer(ctx, error, log)
    }
  }
}

function answer(ctx: Context, error: unknown, log: Log): void {
  const known = error instanceof CodedError ? error : null
  const status = known?.status ?? 500
  if (known !== null && status === 503 && known.cause === undefined) {
    // A refusal of ours, and when there are many, many: its stack says nothing.
    log.warn({ code: known.code, path: ctx.path, request: requestId(ctx) }, known.message)
  } else if (known === null || status >= 500) {
    log.error(
      { code: known?.code ?? 'http.fault', err: error, path: ctx.path, request: requestId(ctx) },
      'A request failed.',
    )
  } else {
    log.debug({ code: known.code, status, path: ctx.path, request: requestId(ctx) }, known.message)
  }
  const retryAfter = known?.details['retryAfter']
  if (typeof retryAfter === 'number') ctx.set('Retry-After', String(retryAfter))
  const body = bodyOf(error)
  sendJson(ctx, body, body.code)
}

/** Rasa's error body of whatever was thrown; a fault of ours says nothing of itself. */
export function bodyOf(error: unknown): ErrorBody {
  const known = error instanceof CodedError ? error : null
  const status = known?.status ?? 500
  return errorBody({
    status,
    reason: known instanceof ApiError ? known.reason : (REASONS[status] ?? 'InternalServerError'),
    message: known?.message ?? FAULT,
    parameter: known instanceof ApiError ? known.parameter : undefined,
  })
}

function notFound(ctx: Context): ApiError {
  return new ApiError({ status: 404, reason: 'NotFound', message: `Requested URL ${ctx.path} not found` })
}

/** A 405, with the header that tells what may be called. */
export function methodNotAllowed(ctx: Context, allowed: readonly string[]): ApiError {
  if (allowed.length > 0) ctx.set('Allow', allowed.join(', '))
  return new ApiError({
    status: 405,
    reason: 'MethodNotAllowed',
    message: `Method ${ctx.method} not allowed for URL ${ctx.path}`,
  })
}
