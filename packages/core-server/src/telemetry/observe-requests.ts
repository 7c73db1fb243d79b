// Counts and times requests, and shows what was counted.

import type { Router } from '@koa/router'
import type { Middleware } from 'koa'
import { sendText } from '../http/json-answer.ts'
import type { Meter } from './metrics.ts'

/** Comes first, so that errors are counted as the statuses that they become. */
export function observeRequests(meter: Meter): Middleware {
  return async function requestMetrics(ctx, next) {
    const started = performance.now()
    await next()
    const { method } = ctx
    meter.count('tabula_http_requests_total', { method, status: String(ctx.status) })
    meter.time('tabula_http_seconds', (performance.now() - started) / 1000, { method })
  }
}

/** `GET /metrics` in Prometheus' text; asked for a token where the API is. */
export function addMetricsRoute(router: Router, meter: Meter): void {
  router.get('/metrics', async ctx => {
    const { text, type } = await meter.show()
    sendText(ctx, text, type)
  })
}
