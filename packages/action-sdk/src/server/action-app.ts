// rasa-sdk's routes and bodies: POST /webhook runs an action, GET /actions lists them, GET /health tells that it is up.

import Koa from 'koa'
import type { Context, Middleware } from 'koa'
import { CodedError, parseActionCall } from '@tabula/protocol'
import { ActionExecutionRejection, ActionNotFoundError } from '../action.ts'
import type { ActionExecutor } from '../action-executor.ts'
import type { ActionLog } from '../action-log.ts'
import { allowOrigins } from './cors.ts'
import { readJson } from './request-body.ts'

export interface ActionAppOptions {
  readonly executor: ActionExecutor
  readonly log: ActionLog
  readonly cors?: string | readonly string[] | undefined
  /** Bytes of a call, unpacked. */
  readonly bodyLimit: number
}

type Route = (ctx: Context) => void | Promise<void>

/** The app; every answer is JSON, and every error has rasa-sdk's keys `error` and `request_body`. */
export function createActionApp({ executor, log, cors, bodyLimit }: ActionAppOptions): Koa {
  const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
    '/webhook': { POST: ctx => runAction(ctx, executor, log, bodyLimit) },
    '/actions': {
      GET: ctx => {
        answer(
          ctx,
          200,
          executor.names.map(name => ({ name })),
        )
      },
    },
    '/health': {
      GET: ctx => {
        answer(ctx, 200, { status: 'ok' })
      },
    },
  }
  const app = new Koa()
  app.silent = true
  app.use(answerErrors(log))
  app.use(allowOrigins(cors))
  app.use(async ctx => {
    const methods = Object.hasOwn(routes, ctx.path) ? routes[ctx.path] : undefined
    if (methods === undefined) {
      answer(ctx, 404, { error: `Requested URL ${ctx.path} not found`, request_body: null })
      return
    }
    const route = Object.hasOwn(methods, ctx.method) ? methods[ctx.method] : undefined
    if (route === undefined) {
      ctx.set('Allow', Object.keys(methods).join(', '))
      const error = `Method ${ctx.method} not allowed for URL ${ctx.path}`
      answer(ctx, 405, { error, request_body: null })
      return
    }
    await route(ctx)
  })
  return app
}

async function runAction(
  ctx: Context,
  executor: ActionExecutor,
  log: ActionLog,
  bodyLimit: number,
): Promise<void> {
  const body = await readJson(ctx.req, bodyLimit)
  if (body === null) {
    answer(ctx, 400, { error: 'Invalid body request' })
    return
  }
  let action = ''
  try {
    const call = parseActionCall(body)
    action = call.next_action
    // Written here, so that a reply that is no JSON counts as the action's failure.
    answer(ctx, 200, await executor.run(call))
  } catch (error) {
    answerFailure(ctx, error, { action, body, log })
  }
}

function answerFailure(
  ctx: Context,
  error: unknown,
  { action, body, log }: { readonly action: string; readonly body: unknown; readonly log: ActionLog },
): void {
  if (error instanceof ActionExecutionRejection) {
    answer(ctx, 400, { error: error.message, action_name: error.actionName })
  } else if (error instanceof ActionNotFoundError) {
    log.error({ code: 'actions.unknown', action: error.actionName }, error.message)
    answer(ctx, 404, { error: error.message, action_name: error.actionName })
  } else {
    const isCallWrong = action === '' && error instanceof CodedError
    if (!isCallWrong) log.error({ code: 'actions.failed', action, err: error }, `${action} failed.`)
    answer(ctx, isCallWrong ? error.status : 500, { error: reasonOf(error), request_body: body })
  }
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
      answer(ctx, status, { error: reasonOf(error), request_body: null })
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function answer(ctx: Context, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  ctx.status = status
  ctx.set('Content-Type', 'application/json')
  ctx.body = text
}
