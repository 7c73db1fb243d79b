// rasa-sdk's routes: POST /webhook runs an action, GET /actions lists them, GET /health tells that it is up. Beside them
// GET /ready tells whether it takes calls, and GET /metrics its figures.

import Koa from 'koa'
import type { Context, Middleware } from 'koa'
import { CodedError } from '@tabula/protocol'
import type { ActionLog } from '../action-log.ts'
import { answer } from './answer.ts'
import { allowOrigins } from './cors.ts'
import { answerWebhook } from './webhook.ts'
import type { WebhookParts } from './webhook.ts'

export interface ActionAppOptions extends WebhookParts {
  readonly cors?: string | readonly string[] | undefined
  readonly isStopping: () => boolean
}

type Route = (ctx: Context) => Promise<void>

/** The app; every answer is JSON, and every error has rasa-sdk's keys `error` and `request_body`. */
export function createActionApp(options: ActionAppOptions): Koa {
  const { executor, metrics, log, isStopping } = options
  const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
    '/webhook': { POST: ctx => answerWebhook(ctx, options) },
    '/actions': {
      GET: async ctx => {
        const { names } = await executor()
        await answer(
          ctx,
          200,
          names.map(name => ({ name })),
        )
      },
    },
    '/health': { GET: ctx => answer(ctx, 200, { status: 'ok' }) },
    '/ready': {
      GET: ctx =>
        isStopping() ? answer(ctx, 503, { status: 'stopping' }) : answer(ctx, 200, { status: 'ok' }),
    },
    ...(metrics === null
      ? {}
      : {
          '/metrics': {
            GET: async ctx => {
              ctx.set('Content-Type', metrics.contentType)
              ctx.body = await metrics.text()
            },
          },
        }),
  }
  const app = new Koa()
  app.silent = true
  app.use(answerErrors(log))
  app.use(allowOrigins(options.cors))
  app.use(async ctx => {
    // Who keeps a connection should open the next one elsewhere.
    if (isStopping()) ctx.set('Connection', 'close')
    const methods = Object.hasOwn(routes, ctx.path) ? routes[ctx.path] : undefined
    if (methods === undefined) {
      await answer(ctx, 404, { error: `Requested URL ${ctx.path} not found`, request_body: null })
      return
    }
    const route = Object.hasOwn(methods, ctx.method) ? methods[ctx.method] : undefined
    if (route === undefined) {
      ctx.set('Allow', Object.keys(methods).join(', '))
      const error = `Method ${ctx.method} not allowed for URL ${ctx.path}`
      await answer(ctx, 405, { error, request_body: null })
      return
    }
    await route(ctx)
  })
  return app
}

/** Errors before an action has its turn: a body that cannot be read, or a fault of ours. */
function answerErrors(log: ActionLog): Middleware {
  return async function errors(ctx, next) {
    try {
      await next()
    } catch (error) {
      const status = error instanceof CodedError ? error.status : 500
      if (status === 413) ctx.set('Connection', 'close')
      if (status >= 500) log.error({ code: 'actions.request-failed', err: error }, 'A request failed.')
      const message = error instanceof Error ? error.message : String(error)
      await answer(ctx, status, { error: message, request_body: null })
    }
  }
}
