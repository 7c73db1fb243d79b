// The public side: the API of the shop's assistant, its description, and the pages.

import { Router } from '@koa/router'
import type Koa from 'koa'
import type { Middleware } from 'koa'
import { createApp } from '../http/create-app.ts'
import { sendJson } from '../http/json-answer.ts'
import type { Log } from '../telemetry/log.ts'
import { addDocsRoutes } from './docs-routes.ts'
import { addPages, PAGE_POLICY } from './pages.ts'
import { addPublicRoutes } from './public-route.ts'
import type { Identify, PublicRoute } from './public-route.ts'
import type { StaticFile } from './static-files.ts'

export interface ShopAppParts {
  readonly log: Log
  /** Origins that browsers may call from. */
  readonly origins: readonly string[]
  /** The built pages. */
  readonly files: ReadonlyMap<string, StaticFile>
  readonly routes: readonly PublicRoute[]
  readonly identify: Identify
  /** What keeps it from taking messages; none where it is ready. */
  readonly findUnready: () => Promise<readonly string[]>
}

/** Routes that are no part of the API: open to everybody, each for its reason. */
export const OPEN_PAGES: readonly { readonly path: string | RegExp; readonly why: string }[] = [
  { path: '/', why: 'the description of the API' },
  { path: '/openapi.json', why: 'the same, for programs' },
  { path: /^\/docs/, why: 'the same, with its scripts and styles' },
  { path: /^\/(shop|widget)/, why: 'pages for visitors' },
  { path: /^\/admin/, why: 'pages that ask for a login by themselves' },
  { path: '/livez', why: 'a supervisor has no token' },
  { path: '/readyz', why: 'a balancer has no token; its reasons name no secret' },
]

export function createShopApp(parts: ShopAppParts): Koa {
  const { log, origins, files, routes, identify, findUnready } = parts
  return createApp({
    log,
    router: createShopRouter(files, routes, identify, findUnready),
    cors: origins,
    before: [protect],
  })
}

export function createShopRouter(
  files: ReadonlyMap<string, StaticFile>,
  routes: readonly PublicRoute[],
  identify: Identify,
  findUnready: ShopAppParts['findUnready'],
): Router {
  const router = new Router({ sensitive: true })
  addDocsRoutes(router, routes)
  router.get('/livez', ctx => {
    sendJson(ctx, { status: 'ok' })
  })
  router.get('/readyz', async ctx => {
    const reasons = await findUnready()
    if (reasons.length === 0) sendJson(ctx, { status: 'ok' })
    else sendJson(ctx, { status: 'unavailable', reasons }, 503)
  })
  addPublicRoutes(router, routes, identify)
  addPages(router, files)
  return router
}

const protect: Middleware = async function pageHeaders(ctx, next) {
  ctx.set('Content-Security-Policy', PAGE_POLICY)
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('Referrer-Policy', 'no-referrer')
  await next()
}
