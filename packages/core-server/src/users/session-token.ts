// The tokens of the public API: signed with SECRET_KEY by HS256 and nothing else (RFC 7519, RFC 8725). They are not stored
// and not renewed: who has none, logs in.

import { jwtVerify, SignJWT } from 'jose'
import { CodedError } from '@tabula/protocol'
import { isUserRole } from './roles.ts'
import type { UserRole } from './roles.ts'
import type { User } from './user-store.ts'

/** Bytes of a key for HS256: as many as its hash has. */
export const SHORTEST_SECRET = 32

/** Seconds that the clocks of two machines may differ by. */
const LEEWAY = 5

export interface SessionClaims {
  readonly kind: 'user'
  readonly id: string
  readonly role: UserRole
  /** Must be the user's own: it rises where a password or a role changes. */
  readonly version: number
  readonly expiresAt: number
}

export interface VisitorClaims {
  readonly kind: 'visitor'
  readonly sender: string
  readonly expiresAt: number
}

export interface SessionTokenSettings {
  readonly secretKey: string
  /** Seconds. */
  readonly sessionLifetime: number
  readonly visitorLifetime: number
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: number
  readonly lifetime: number
}

export class SessionTokens {
  readonly #key: Uint8Array
  readonly #settings: SessionTokenSettings
  readonly #now: () => number

  /** Throws CodedError `users.no-secret` without a key; `now` in seconds since 1970. */
  constructor(settings: SessionTokenSettings, now: () => number) {
    if (settings.secretKey === '') throw new CodedError('users.no-secret', 'SECRET_KEY is empty.')
    this.#key = new TextEncoder().encode(settings.secretKey)
    this.#settings = settings
    this.#now = now
  }

  /** `scope` is what the first callers read: true for an admin. */
  async issue(user: User): Promise<IssuedToken> {
    const claims = { scope: user.role === 'admin', role: user.role, version: user.version }
    return this.#sign(user.id, claims, this.#settings.sessionLifetime)
  }

  async issueVisitor(sender: string): Promise<IssuedToken> {
    return this.#sign(sender, { role: 'visitor' }, this.#settings.visitorLifetime)
  }

  /** Null for whatever is not a valid token of ours; it never throws for what a token holds. */
  async verify(token: string): Promise<SessionClaims | VisitorClaims | null> {
    const claims = await this.#open(token)
    if (claims === null) return null
    const { sub, exp, role, version } = claims
    if (typeof sub !== 'string' || sub === '' || typeof exp !== 'number') return null
    if (role === 'visitor') return { kind: 'visitor', sender: sub, expiresAt: exp }
    if (!isUserRole(role) || typeof version !== 'number') return null
    return { kind: 'user', id: sub, role, version, expiresAt: exp }
  }

  async #sign(subject: string, claims: Record<string, unknown>, lifetime: number): Promise<IssuedToken> {
    const issuedAt = Math.floor(this.#now())
    const expiresAt = issuedAt + lifetime
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.#key)
    return { token, expiresAt, lifetime }
  }

  async #open(token: string): Promise<Readonly<Record<string, unknown>> | null> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        clockTolerance: LEEWAY,
        currentDate: new Date(this.#now() * 1000),
        requiredClaims: ['sub', 'exp', 'iat'],
      })
      return payload
    } catch {
      return null
    }
  }
}
