// Users in a table of SQLite or PostgreSQL.

import { randomUUID } from 'node:crypto'
import { CodedError } from '@tabula/protocol'
import type { Knex } from 'knex'
import type { UserRole } from './roles.ts'
import type { Credentials, NewUser, User, UserChange, UserStore } from './user-store.ts'

interface UserRow {
  readonly id: string
  readonly email: string
  readonly password_hash: string
  readonly role: UserRole
  readonly is_disabled: boolean | number
  readonly version: number
  readonly created_at: number
  readonly last_login_at: number | null
}

export class SqlUserStore implements UserStore {
  readonly #knex: Knex
  readonly #now: () => number

  /** Over a connection whose tables are there; `now` in seconds since 1970. */
  constructor(knex: Knex, now: () => number) {
    this.#knex = knex
    this.#now = now
  }

  async create({ email, role, passwordHash }: NewUser): Promise<User> {
    const row: UserRow = {
      id: randomUUID(),
      email: email.toLowerCase(),
      password_hash: passwordHash,
      role,
      is_disabled: false,
      version: 1,
      created_at: this.#now(),
      last_login_at: null,
    }
    const made = await this.#knex<UserRow>('users').insert(row).onConflict('email').ignore().returning('id')
    if (made.length === 0) {
      throw new CodedError('users.known', `${row.email} has an account already.`, { status: 409 })
    }
    return toUser(row)
  }

  async list(): Promise<readonly User[]> {
    const rows = await this.#knex<UserRow>('users').select<UserRow[]>('*').orderBy('email')
    return rows.map(toUser)
  }

  async find(id: string): Promise<User | null> {
    const row = await this.#row(this.#knex, { id })
    return row === undefined ? null : toUser(row)
  }

  async findCredentials(email: string): Promise<Credentials | null> {
    const row = await this.#row(this.#knex, { email: email.toLowerCase() })
    return row === undefined ? null : { ...toUser(row), passwordHash: row.password_hash }
  }

  async change(id: string, change: UserChange): Promise<User | null> {
    return this.#knex.transaction(async transaction => {
      // Two admins that disable each other at one time must not both succeed.
      const admins = await transaction<UserRow>('users')
        .where({ role: 'admin', is_disabled: false })
        .select('id')
        .forUpdate()
      const before = await this.#row(transaction, { id })
      if (before === undefined) return null
      const after = changed(before, change)
      const mayAdminister = after.role === 'admin' && !toUser(after).isDisabled
      if (!mayAdminister && admins.length === 1 && admins[0]?.id === id) {
        throw new CodedError('users.last-admin', 'This is the last admin who can log in.', { status: 409 })
      }
      const { role, is_disabled, password_hash, version } = after
      await transaction<UserRow>('users').where({ id }).update({ role, is_disabled, password_hash, version })
      return toUser(after)
    })
  }

  async noteLogin(id: string): Promise<void> {
    await this.#knex<UserRow>('users').where({ id }).update({ last_login_at: this.#now() })
  }

  async #row(knex: Knex, where: Partial<UserRow>): Promise<UserRow | undefined> {
    return knex<UserRow>('users').where(where).first<UserRow | undefined>('*')
  }
}

function changed(row: UserRow, { role, isDisabled, passwordHash }: UserChange): UserRow {
  return {
    ...row,
    role: role ?? row.role,
    is_disabled: isDisabled ?? row.is_disabled,
    password_hash: passwordHash ?? row.password_hash,
    version: row.version + 1,
  }
}

function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    isDisabled: Boolean(row.is_disabled),
    version: row.version,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
  }
}
