// The public side: a page to chat on, and the webhook that it and other first callers post to.

import { Router } from '@koa/router'
import type Koa from 'koa'
import type { Context, Middleware } from 'koa'
import type { ChannelHost } from '../channels/channel.ts'
import { answerMessage } from '../channels/rest.ts'
import { createApp } from '../http/create-app.ts'
import { sendJson } from '../http/json-answer.ts'
import type { StaticFile } from './static-files.ts'

/** Scripts, styles and connections of this origin alone; nothing inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const START_PAGE = 'index.html'

/** GET /shop and its files, POST /conversations/webhook `{sender, message}`, GET /livez. */
export function createShopApp(host: ChannelHost, files: ReadonlyMap<string, StaticFile>): Koa {
  const router = new Router()
  router.get('/', ctx => {
    sendJson(ctx, { shop: '/shop', webhook: '/conversations/webhook' })
  })
  router.get('/livez', ctx => {
    sendJson(ctx, { status: 'ok' })
  })
  router.post('/conversations/webhook', answerMessage(host, 'rest'))
  router.get('/shop', ctx => {
    sendFile(ctx, files.get(START_PAGE))
  })
  router.get(/^\/shop\/(.+)$/, ctx => {
    sendFile(ctx, files.get(ctx.path.slice('/shop/'.length)))
  })
  return createApp({ log: host.log, router, cors: host.origins, before: [protect] })
}

const protect: Middleware = async function pageHeaders(ctx, next) {
  ctx.set('Content-Security-Policy', POLICY)
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('Referrer-Policy', 'no-referrer')
  await next()
}

/** Without a file the status stays 404. */
function sendFile(ctx: Context, file: StaticFile | undefined): void {
  if (file === undefined) return
  ctx.set('Content-Type', file.type)
  ctx.set('Cache-Control', 'no-cache')
  ctx.set('ETag', file.etag)
  if (ctx.get('If-None-Match') === file.etag) {
    ctx.status = 304
  } else {
    ctx.status = 200
    ctx.body = file.bytes
  }
}
