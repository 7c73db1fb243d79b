// The built pages at their addresses: the shop, the admin pages, and the widget that any page may take in.

import type { Router } from '@koa/router'
import type { Context } from 'koa'
import type { StaticFile } from './static-files.ts'

/** Scripts, styles and connections of this origin alone; nothing inline. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: data: blob:",
  "media-src 'self' https: data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const START_PAGE = 'index.html'

/** GET /shop, /admin (any address below it is a screen of the same page), /widget.js and /widget/…. */
export function addPages(router: Router, files: ReadonlyMap<string, StaticFile>): void {
  router.get('/shop', ctx => {
    sendFile(ctx, files.get(`shop/${START_PAGE}`))
  })
  router.get(/^\/shop\/(.+)$/, ctx => {
    sendFile(ctx, files.get(ctx.path.slice(1)))
  })
  router.get('/admin', ctx => {
    sendFile(ctx, files.get(`admin/${START_PAGE}`))
  })
  router.get(/^\/admin\/(.*)$/, ctx => {
    const file = files.get(ctx.path.slice(1))
    if (file === undefined && /\.\w+$/.test(ctx.path)) return
    sendFile(ctx, file ?? files.get(`admin/${START_PAGE}`))
  })
  for (const path of ['/widget.js', '/widget.js.map', /^\/widget\/(.+)$/]) {
    router.get(path, ctx => {
      // A page of any origin may load the widget; what it may ask the server is for the list of origins to say.
      ctx.set('Access-Control-Allow-Origin', '*')
      ctx.set('Cross-Origin-Resource-Policy', 'cross-origin')
      sendFile(ctx, files.get(ctx.path.slice(1)))
    })
  }
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
