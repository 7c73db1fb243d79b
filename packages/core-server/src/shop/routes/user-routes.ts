// The people who may log in: admins look after them.

import { ApiError } from '../../http/errors.ts'
import { isUserRole } from '../../users/roles.ts'
import type { User } from '../../users/user-store.ts'
import type { PublicRoute } from '../public-route.ts'
import { NEW_USER_BODY, PASSWORD_BODY, USER, USER_CHANGE_BODY, USERS } from '../schemas.ts'
import { audit, textOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'

export function userRoutes(parts: ShopParts): readonly PublicRoute[] {
  const { users, login, forgetUser } = parts
  return [
    {
      method: 'get',
      path: '/users',
      access: 'admin',
      tag: 'Users',
      summary: 'List the users.',
      answer: USERS,
      handle: async () => ({ users: (await users.list()).map(toUserAnswer) }),
    },
    {
      method: 'post',
      path: '/users',
      access: 'admin',
      tag: 'Users',
      summary: 'Create a user.',
      body: NEW_USER_BODY,
      answer: USER,
      status: 201,
      errors: [409, 503],
      async handle({ body, caller }) {
        const { email, password, role } = body
        if (!isUserRole(role)) throw noUser()
        const user = await login.createUser(textOf(email), textOf(password), role)
        await audit(parts, caller, { action: 'user.create', subject: user.id, details: { role } })
        return toUserAnswer(user)
      },
    },
    {
      method: 'patch',
      path: '/users/{id}',
      access: 'admin',
      tag: 'Users',
      summary: 'Change a role, disable or enable a user; tokens that were issued before end.',
      body: USER_CHANGE_BODY,
      answer: USER,
      errors: [409],
      async handle({ path: { id = '' }, body: { role, disabled }, caller }) {
        const change = {
          ...(isUserRole(role) ? { role } : {}),
          ...(typeof disabled === 'boolean' ? { isDisabled: disabled } : {}),
        }
        const user = await users.change(id, change)
        if (user === null) throw noUser()
        forgetUser(id)
        const details = { role: user.role, disabled: user.isDisabled }
        await audit(parts, caller, { action: 'user.change', subject: id, details })
        return toUserAnswer(user)
      },
    },
    {
      method: 'post',
      path: '/users/{id}/password',
      access: 'admin',
      tag: 'Users',
      summary: 'Give a user a new password; tokens that were issued before end.',
      body: PASSWORD_BODY,
      answer: null,
      errors: [503],
      async handle({ path: { id = '' }, body, caller }) {
        if ((await login.setPassword(id, textOf(body['password']))) === null) throw noUser()
        forgetUser(id)
        await audit(parts, caller, { action: 'user.password', subject: id })
      },
    },
  ]
}

export function toUserAnswer(user: User): Readonly<Record<string, unknown>> {
  return {
    id: user.id,
    email: user.email,
    role: user.role,
    disabled: user.isDisabled,
    created_at: user.createdAt,
    last_login_at: user.lastLoginAt,
  }
}

function noUser(): ApiError {
  return new ApiError({ status: 404, reason: 'NotFound', message: 'There is no such user.' })
}
