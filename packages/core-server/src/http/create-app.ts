// A koa app with what all our ports share, in the order that a request meets it.

import type { Router } from '@koa/router'
import Koa from 'koa'
import type { Context, Middleware } from 'koa'
import { LIMITS } from '../config/limits.ts'
import type { Log } from '../telemetry/log.ts'
import { nameRequests } from '../telemetry/request-id.ts'
import { allowOrigins } from './cors.ts'
import { answerErrors, ApiError, methodNotAllowed } from './errors.ts'

export interface AppParts {
  readonly log: Log
  readonly router: Router
  readonly cors?: string | readonly string[]
  /** Come around everything, errors included. */
  readonly around?: readonly Middleware[]
  /** Come before the routes, in this order. */
  readonly before?: readonly Middleware[]
  /** Seconds in which an answer must begin. */
  readonly responseTimeout?: number | undefined
}

/** The app; errors of every kind come out as Rasa's error body. */
export function createApp({ log, router, cors, around = [], before = [], responseTimeout }: AppParts): Koa {
  const app = new Koa()
  app.silent = true
  app.use(nameRequests())
  for (const middleware of around) app.use(middleware)
  app.use(answerErrors(log))
  const origins = allowOrigins(cors)
  if (origins !== null) app.use(origins)
  app.use(checkRequest(router))
  app.use(limitResponseTime(responseTimeout === undefined ? LIMITS.responseTimeout : responseTimeout * 1000))
  for (const middleware of before) app.use(middleware)
  app.use(router.routes())
  app.use(async ctx => {
    const allowed = methodsOf(router, ctx)
    if (allowed.length > 0) throw methodNotAllowed(ctx, allowed)
  })
  return app
}

/** koa's router answers HEAD for every GET; Rasa's does not. */
function checkRequest(router: Router): Middleware {
  return async function requestCheck(ctx, next) {
    if (ctx.method === 'HEAD') throw methodNotAllowed(ctx, methodsOf(router, ctx))
    if (ctx.url.length > LIMITS.urlBytes) {
      throw new ApiError({ status: 414, reason: 'URITooLong', message: 'The address is too long.' })
    }
    await next()
  }
}

/** What the path may be called with. */
function methodsOf(router: Router, ctx: Context): readonly string[] {
  const { path } = router.match(ctx.path, ctx.method)
  return path.flatMap(({ methods }) => methods).filter(method => method !== 'HEAD')
}

/** A 503 where no answer has begun in time; the work goes on, so that a turn is not cut in half. */
function limitResponseTime(milliseconds: number): Middleware {
  return function responseTime(_ctx, next) {
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new ApiError({ status: 503, reason: 'ServiceUnavailable', message: 'Response Timeout' }))
      }, milliseconds)
      const answered = async (): Promise<void> => {
        try {
          await next()
        } finally {
          clearTimeout(timer)
        }
      }
      answered().then(resolve, reject)
    })
  }
}
