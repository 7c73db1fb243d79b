// Who may use the API. Every route asks, but for those in the one table of open ones; a new route asks by itself.

import type { Router } from '@koa/router'
import type { Context, Middleware } from 'koa'
import { conversationIn } from './api-route.ts'
import { isRecord } from './body.ts'
import { ApiError } from './errors.ts'
import { bearerToken, createJwtVerifier } from './jwt.ts'
import type { Claims, JwtSettings, VerifyJwt } from './jwt.ts'
import { textArgument } from './query.ts'
import { isSameSecret } from './same-secret.ts'

/** Routes that nobody is asked at, and why. */
export const OPEN_ROUTES: readonly { readonly path: string | RegExp; readonly why: string }[] = [
  { path: '/', why: 'the greeting; Rasa leaves it open and health checks read it' },
  { path: '/version', why: 'Rasa leaves it open' },
  { path: '/livez', why: 'a supervisor has no token' },
  { path: '/readyz', why: 'a balancer has no token; its reasons name no secret' },
  { path: '/openapi.json', why: 'a description of the routes, the same for everybody' },
  {
    path: /^\/webhooks\/(?!telegram\/set_webhook)/,
    why: 'each channel checks the signature or token of its provider',
  },
]

export interface AuthSettings {
  /** What `?token=` must say. */
  readonly authToken?: string
  readonly jwt?: JwtSettings
}

/**
 * Lets a request through that says the right `?token=`, or whose bearer token is valid and has the role `admin`, or the
 * role `user` on a conversation of that very name. With neither set everybody is let through, as in Rasa.
 */
export function createGuard({ authToken: token, jwt }: AuthSettings): Middleware {
  const verify = jwt === undefined ? null : createJwtVerifier(jwt, '--jwt-secret')
  if (token === undefined && verify === null) {
    return async function openToAll(_ctx, next) {
      await next()
    }
  }
  return async function guard(ctx, next) {
    if (token === undefined || !isSameSecret(textArgument(ctx, 'token') ?? '', token)) {
      const user = verify === null ? null : await userOf(ctx, verify)
      if (user === null) throw notAuthenticated()
      if (!mayCall(user, ctx)) throw notAuthorized()
    }
    await next()
  }
}

/** Puts the guard before every route that is not in the table. Routes that are added later are not reached. */
export function protectRoutes(router: Router, guard: Middleware): void {
  for (const layer of router.stack) {
    if (!isOpenRoute(layer.path)) layer.stack.unshift(guard)
  }
}

export function isOpenRoute(path: string | RegExp): boolean {
  return (
    typeof path === 'string' &&
    OPEN_ROUTES.some(open => (typeof open.path === 'string' ? open.path === path : open.path.test(path)))
  )
}

interface User {
  readonly name: unknown
  readonly role: unknown
}

async function userOf(ctx: Context, verify: VerifyJwt): Promise<User | null> {
  const token = bearerToken(ctx.get('Authorization'))
  const claims = token === null ? null : await verify(token)
  return claims === null ? null : userIn(claims)
}

/** The `user` claim; a token without one is somebody without rights, one whose claim is malformed is nobody. */
export function userIn(claims: Claims): User | null {
  const { user = {} } = claims
  if (!isRecord(user) || Object.hasOwn(user, '__proto__')) return null
  const { username: name, role } = user
  const isName = name === undefined || (typeof name === 'string' && name !== '__proto__')
  return isName ? { name, role } : null
}

function mayCall({ name, role }: User, ctx: Context): boolean {
  if (role === 'admin') return true
  if (role !== 'user' || !ctx.path.startsWith('/conversations/')) return false
  const captures: unknown = ctx['captures']
  return Array.isArray(captures) && name === conversationIn(captures as string[])
}

export function notAuthenticated(): ApiError {
  return new ApiError({ status: 401, reason: 'NotAuthenticated', message: 'User is not authenticated.' })
}

function notAuthorized(): ApiError {
  return new ApiError({
    status: 403,
    reason: 'NotAuthorized',
    message: 'User has insufficient permissions.',
  })
}
