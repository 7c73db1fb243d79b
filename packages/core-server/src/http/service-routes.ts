// Routes that say what runs here and whether it is well; never behind a token.

import type { Router } from '@koa/router'
import type { ModelHost } from '../model-host/model-host.ts'
import { RASA_VERSION, sendJson, sendText } from './json-answer.ts'

/** `GET /`, always there; and for supervisors /livez (the process answers) and /readyz (it can take messages). */
export function addServiceRoutes(router: Router, models: ModelHost, isStopping: () => boolean): void {
  router.get('/', ctx => {
    sendText(ctx, `Hello from Rasa: ${RASA_VERSION}`)
  })
  router.get('/livez', ctx => {
    sendJson(ctx, { status: 'ok' })
  })
  router.get('/readyz', ctx => {
    const isReady = models.current !== null && !isStopping()
    sendJson(ctx, { status: isReady ? 'ok' : 'unavailable' }, isReady ? 200 : 503)
  })
}

/** `GET /version`, part of the API yet open. */
export function addVersionRoute(router: Router): void {
  router.get('/version', ctx => {
    sendJson(ctx, { version: RASA_VERSION, minimum_compatible_version: RASA_VERSION })
  })
}
