// Logging in, and one's own account.

import { notAuthenticated } from '../identify.ts'
import type { PublicRoute } from '../public-route.ts'
import { LOGIN_BODY, OWN_PASSWORD_BODY, SESSION, USER } from '../schemas.ts'
import { audit, textOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'
import { toUserAnswer } from './user-routes.ts'

export function authRoutes(parts: ShopParts): readonly PublicRoute[] {
  const { login, users, addressOf, forgetUser } = parts
  return [
    {
      method: 'post',
      path: '/auth/login',
      access: 'open',
      tag: 'Login',
      summary: 'Log in with email and password.',
      body: LOGIN_BODY,
      answer: SESSION,
      errors: [429, 503],
      async handle({ ctx, body }) {
        const session = await login.login(textOf(body['email']), textOf(body['password']), addressOf(ctx))
        const { id, email, role } = session.user
        await audit(
          parts,
          { kind: 'user', id, email, role, expiresAt: session.expiresAt },
          { action: 'login' },
        )
        return {
          token: session.token,
          expires_at: session.expiresAt,
          expires_in: session.lifetime,
          user: toUserAnswer(session.user),
        }
      },
    },
    {
      method: 'get',
      path: '/auth/me',
      access: 'viewer',
      tag: 'Login',
      summary: 'Who am I.',
      answer: USER,
      async handle({ caller }) {
        const user = caller.kind === 'user' ? await users.find(caller.id) : null
        if (user === null) throw notAuthenticated()
        return toUserAnswer(user)
      },
    },
    {
      method: 'post',
      path: '/auth/password',
      access: 'viewer',
      tag: 'Login',
      summary: 'Change one’s own password; tokens that were issued before end.',
      body: OWN_PASSWORD_BODY,
      answer: null,
      errors: [429, 503],
      async handle({ ctx, caller, body }) {
        if (caller.kind !== 'user') throw notAuthenticated()
        const passwords = { current: textOf(body['current_password']), next: textOf(body['new_password']) }
        await login.changePassword(caller, passwords, addressOf(ctx))
        forgetUser(caller.id)
        await audit(parts, caller, { action: 'password.change', subject: caller.id })
      },
    },
  ]
}
