// Where the people are kept who may log in to see conversations.

import type { UserRole } from './roles.ts'

export interface User {
  readonly id: string
  readonly email: string
  readonly role: UserRole
  readonly isDisabled: boolean
  /** Seconds since 1970. */
  readonly createdAt: number
  readonly lastLoginAt: number | null
  /** Rises where a password, a role or the right to log in changes; tokens of another version are refused. */
  readonly version: number
}

/** A user with what the login compares; what is answered of a user is picked key by key. */
export interface Credentials extends User {
  readonly passwordHash: string
}

export interface NewUser {
  readonly email: string
  readonly role: UserRole
  readonly passwordHash: string
}

export interface UserChange {
  readonly role?: UserRole
  readonly isDisabled?: boolean
  readonly passwordHash?: string
}

export interface UserStore {
  /** Throws CodedError `users.known` (409) where the address has an account; addresses differ by more than case. */
  create(user: NewUser): Promise<User>
  list(): Promise<readonly User[]>
  find(id: string): Promise<User | null>
  findCredentials(email: string): Promise<Credentials | null>
  /**
   * Gives the changed user, null where there is none. A new role, password or a disabling ends the user's tokens. Throws
   * CodedError `users.last-admin` (409) for what would leave nobody who may look after users.
   */
  change(id: string, change: UserChange): Promise<User | null>
  noteLogin(id: string): Promise<void>
}
