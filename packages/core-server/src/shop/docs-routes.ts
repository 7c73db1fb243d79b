// Swagger UI at the root of the public port and at /docs, from the files of its package: nothing comes from elsewhere.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Router } from '@koa/router'
import type { Context } from 'koa'
import { sendJson } from '../http/json-answer.ts'
import { describeShop } from './describe-shop.ts'
import type { PublicRoute } from './public-route.ts'

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Tabula API</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <link rel="icon" href="/docs/assets/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/assets/start.js"></script>
  </body>
</html>
`

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  displayRequestDuration: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
})
`

/** GET /, /docs, /openapi.json and the files that the page asks for. */
export function addDocsRoutes(router: Router, routes: readonly PublicRoute[]): void {
  let document: unknown
  router.get('/openapi.json', ctx => {
    document ??= describeShop(routes)
    sendJson(ctx, document)
  })
  for (const path of ['/', '/docs']) {
    router.get(path, ctx => {
      send(ctx, 'text/html; charset=utf-8', PAGE)
    })
  }
  router.get('/docs/assets/start.js', ctx => {
    send(ctx, 'text/javascript; charset=utf-8', START)
  })
  router.get('/docs/assets/:name', async ctx => {
    const name = ctx.params['name'] ?? ''
    const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined
    if (type !== undefined) send(ctx, type, await readFile(join(assets(), name)))
  })
}

function assets(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
}

function send(ctx: Context, type: string, body: string | Buffer): void {
  ctx.status = 200
  ctx.set('Content-Type', type)
  ctx.set('Cache-Control', 'no-cache')
  ctx.body = body
}
