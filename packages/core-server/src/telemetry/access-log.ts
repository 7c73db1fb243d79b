// A line of the log for each request, without its query: tokens stand there. The caller's trace goes on from here.

import { context, propagation } from '@opentelemetry/api'
import type { Middleware } from 'koa'
import type { Log } from './log.ts'
import { requestId } from './request-id.ts'

/** The lines have the level `info` where `isLoud`, else `debug`. */
export function logRequests(log: Log, isLoud: boolean): Middleware {
  const level = isLoud ? 'info' : 'debug'
  return async function accessLog(ctx, next) {
    const started = performance.now()
    await context.with(propagation.extract(context.active(), ctx.headers), next)
    if (!log.writes(level)) return
    const { method, path, status } = ctx
    const milliseconds = Math.round((performance.now() - started) * 10) / 10
    log[level](
      { code: 'http.request', request: requestId(ctx), method, path, status, milliseconds },
      'A request was answered.',
    )
  }
}
