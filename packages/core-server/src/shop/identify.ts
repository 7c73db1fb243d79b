// Who calls: the token of a request, and whether its owner may still do what the route is for.

import type { Context } from 'koa'
import { ApiError } from '../http/errors.ts'
import { includesRole } from '../users/roles.ts'
import type { SessionClaims, SessionTokens } from '../users/session-token.ts'
import type { User, UserStore } from '../users/user-store.ts'
import type { Access, Caller, Identify } from './public-route.ts'

/** Milliseconds that a user is taken as known: a disabled one is refused everywhere after at most as long. */
const KNOWN_FOR = 30_000
const MOST_KNOWN = 10_000

/** The users behind tokens, each asked for once in a while. */
export class KnownUsers {
  readonly #users: UserStore
  readonly #known = new Map<string, { readonly user: User | null; readonly until: number }>()

  constructor(users: UserStore) {
    this.#users = users
  }

  async find(id: string): Promise<User | null> {
    const known = this.#known.get(id)
    if (known !== undefined && known.until > Date.now()) return known.user
    const user = await this.#users.find(id)
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(id, { user, until: Date.now() + KNOWN_FOR })
    return user
  }

  forget(id: string): void {
    this.#known.delete(id)
  }
}

/**
 * Reads `Authorization: Bearer TOKEN`, or the bare token as the first callers send it. 401 without a valid token of a user
 * who may log in, 403 for one whose role is not enough.
 */
export function createIdentify(tokens: SessionTokens, users: KnownUsers): Identify {
  return async function identify(ctx, access) {
    if (access === 'open') return { kind: 'nobody' }
    const token = tokenOf(ctx)
    const claims = token === null ? null : await tokens.verify(token)
    if (claims === null) throw notAuthenticated()
    if (claims.kind === 'visitor') {
      if (access !== 'visitor') throw notAuthorized()
      return { kind: 'visitor', sender: claims.sender, expiresAt: claims.expiresAt }
    }
    return asUser(claims, access, users)
  }
}

async function asUser(claims: SessionClaims, access: Access, users: KnownUsers): Promise<Caller> {
  const user = await users.find(claims.id)
  if (user === null || user.isDisabled || user.version !== claims.version) throw notAuthenticated()
  if (access === 'open' || access === 'visitor' || !includesRole(user.role, access)) throw notAuthorized()
  return { kind: 'user', id: user.id, email: user.email, role: user.role, expiresAt: claims.expiresAt }
}

function tokenOf(ctx: Context): string | null {
  const header = ctx.get('Authorization')
  return /^(?:Bearer +)?([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1] ?? null
}

export function notAuthenticated(): ApiError {
  return new ApiError({
    status: 401,
    reason: 'NotAuthenticated',
    message: 'A valid token is needed: log in with POST /auth/login, and send Authorization: Bearer TOKEN.',
  })
}

export function notAuthorized(): ApiError {
  return new ApiError({ status: 403, reason: 'NotAuthorized', message: 'This needs another role.' })
}
