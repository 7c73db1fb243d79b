// The public side: a page to chat on, and the webhook that it and other first callers post to.

import { Router } from '@koa/router'
import type Koa from 'koa'
import type { Middleware } from 'koa'
import type { ChannelHost } from '../channels/channel.ts'
import { answerMessage } from '../channels/rest.ts'
import { createApp } from '../http/create-app.ts'
import { sendJson } from '../http/json-answer.ts'
import { addPages, PAGE_POLICY } from './pages.ts'
import type { StaticFile } from './static-files.ts'

/** The pages, POST /conversations/webhook `{sender, message}`, GET /livez. */
export function createShopApp(host: ChannelHost, files: ReadonlyMap<string, StaticFile>): Koa {
  const router = new Router()
  router.get('/', ctx => {
    sendJson(ctx, { shop: '/shop', webhook: '/conversations/webhook' })
  })
  router.get('/livez', ctx => {
    sendJson(ctx, { status: 'ok' })
  })
  router.post('/conversations/webhook', answerMessage(host, 'rest'))
  addPages(router, files)
  return createApp({ log: host.log, router, cors: host.origins, before: [protect] })
}

const protect: Middleware = async function pageHeaders(ctx, next) {
  ctx.set('Content-Security-Policy', PAGE_POLICY)
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('Referrer-Policy', 'no-referrer')
  await next()
}
