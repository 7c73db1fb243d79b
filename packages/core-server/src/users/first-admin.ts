// Makes the tables and the first admin: what `bot db create` does, and the demo by itself.

import { randomBytes } from 'node:crypto'
import { CodedError } from '@tabula/protocol'
import type { Knex } from 'knex'
import { textSetting } from '../config/settings.ts'
import { migrateUp } from '../database/migrate.ts'
import { PasswordHasher, SHORTEST_PASSWORD } from './password.ts'
import type { HashCost } from './password.ts'
import { SqlUserStore } from './sql-user-store.ts'

/** Only ever used where DEMO=1. */
const DEMO_ADMIN = { email: 'admin@test.com', password: '123456' }

export interface CreatedDatabase {
  /** Steps that were taken. */
  readonly migrations: readonly string[]
  /** The admin that was made, with its password where that was made up; null where there is an admin already. */
  readonly admin: { readonly email: string; readonly password: string | null } | null
}

/**
 * Throws CodedError `users.no-admin` outside the demo without ADMIN_EMAIL where there is no admin yet, and
 * `users.weak-password` for an ADMIN_PASSWORD that is shorter than those of other users may be.
 */
export async function createDatabase(
  knex: Knex,
  environment: Readonly<Record<string, string | undefined>>,
  { isDemo, hashCost }: { readonly isDemo: boolean; readonly hashCost?: HashCost | undefined },
): Promise<CreatedDatabase> {
  const migrations = await migrateUp(knex)
  const users = new SqlUserStore(knex, () => Date.now() / 1000)
  if ((await users.list()).some(({ role }) => role === 'admin')) return { migrations, admin: null }
  const { email, password, isMadeUp } = firstAdmin(environment, isDemo)
  const hasher = new PasswordHasher({ hashesAtOnce: 1, waitingHashes: 0 }, hashCost)
  await users.create({ email, role: 'admin', passwordHash: await hasher.hash(password) })
  return { migrations, admin: { email, password: isMadeUp ? password : null } }
}

function firstAdmin(
  environment: Readonly<Record<string, string | undefined>>,
  isDemo: boolean,
): { readonly email: string; readonly password: string; readonly isMadeUp: boolean } {
  const email = textSetting(environment, 'ADMIN_EMAIL')
  const password = textSetting(environment, 'ADMIN_PASSWORD')
  if (email === undefined) {
    if (isDemo) return { ...DEMO_ADMIN, isMadeUp: false }
    throw new CodedError(
      'users.no-admin',
      'Set ADMIN_EMAIL (and ADMIN_PASSWORD if you like) for the first admin.',
      {
        status: 400,
      },
    )
  }
  if (password !== undefined) {
    if (password.length < SHORTEST_PASSWORD && !isDemo)
      throw new CodedError(
        'users.weak-password',
        `ADMIN_PASSWORD has ${password.length} characters; it needs ${SHORTEST_PASSWORD}. Without one, a password is made up and shown once.`,
        { status: 400 },
      )
    return { email, password, isMadeUp: false }
  }
  return { email, password: randomBytes(15).toString('base64url'), isMadeUp: true }
}
