// A login: limits first, then the password, then a token. Whatever is wrong, the answer is the same and takes as long.

import { CodedError } from '@tabula/protocol'
import type { LoginAttempts } from './login-attempts.ts'
import type { PasswordHasher } from './password.ts'
import type { UserRole } from './roles.ts'
import type { IssuedToken, SessionTokens } from './session-token.ts'
import type { User, UserStore } from './user-store.ts'

export interface LoginParts {
  readonly users: UserStore
  readonly attempts: LoginAttempts
  readonly hasher: PasswordHasher
  readonly tokens: SessionTokens
}

export interface Session extends IssuedToken {
  readonly user: User
}

export class Login {
  readonly #parts: LoginParts

  constructor(parts: LoginParts) {
    this.#parts = parts
  }

  /** Throws CodedError `users.wrong-login` (401), `users.too-many-logins` (429), `users.busy` (503). */
  async login(email: string, password: string, address: string): Promise<Session> {
    const { users, tokens } = this.#parts
    const known = await this.#checked(email, password, address)
    await users.noteLogin(known.id)
    return { ...(await tokens.issue(known)), user: known }
  }

  async createUser(email: string, password: string, role: UserRole): Promise<User> {
    const { users, hasher } = this.#parts
    return users.create({ email, role, passwordHash: await hasher.hash(password) })
  }

  /** Changes the caller's own password; the current one is asked for under the same limits. */
  async changePassword(
    user: { readonly id: string; readonly email: string },
    passwords: { readonly current: string; readonly next: string },
    address: string,
  ): Promise<void> {
    await this.#checked(user.email, passwords.current, address)
    await this.setPassword(user.id, passwords.next)
  }

  /** Null where there is no such user. */
  async setPassword(id: string, password: string): Promise<User | null> {
    const { users, hasher } = this.#parts
    return users.change(id, { passwordHash: await hasher.hash(password) })
  }

  async #checked(email: string, password: string, address: string): Promise<User> {
    const { users, attempts, hasher } = this.#parts
    const attempt = await attempts.begin(email.toLowerCase(), address)
    const found = await users.findCredentials(email)
    const isRight = await hasher.check(password, found?.passwordHash ?? null)
    if (!isRight || found === null || found.isDisabled) {
      throw new CodedError('users.wrong-login', 'Wrong email or password.', { status: 401 })
    }
    await attempt.succeeded()
    return found
  }
}
