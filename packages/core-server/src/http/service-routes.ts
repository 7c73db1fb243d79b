// Routes that say what runs here and whether it is well; never behind a token.

import type { Router } from '@koa/router'
import type { ApiRoute } from './api-route.ts'
import { RASA_VERSION } from './error-body.ts'
import { sendJson, sendText } from './json-answer.ts'
import { VERSION } from './schemas.ts'

/** Why the server cannot take messages now; none where it can. */
export type FindUnready = () => Promise<readonly string[]>

/** `GET /`, always there; and for supervisors /livez (the process answers) and /readyz (it can take messages). */
export function addServiceRoutes(router: Router, findUnready: FindUnready): void {
  router.get('/', ctx => {
    sendText(ctx, `Hello from Rasa: ${RASA_VERSION}`)
  })
  router.get('/livez', ctx => {
    sendJson(ctx, { status: 'ok' })
  })
  router.get('/readyz', async ctx => {
    const reasons = await findUnready()
    if (reasons.length === 0) sendJson(ctx, { status: 'ok' })
    else sendJson(ctx, { status: 'unavailable', reasons }, 503)
  })
}

/** `GET /version`, part of the API yet open. */
export const VERSION_ROUTE: ApiRoute = {
  method: 'get',
  path: '/version',
  tag: 'Server',
  summary: "Rasa's release whose behaviour this server has",
  answers: { 200: { description: 'The version', content: { 'application/json': VERSION } } },
  handle(ctx) {
    sendJson(ctx, { version: RASA_VERSION, minimum_compatible_version: RASA_VERSION })
  },
}
