// Steps of the database of users and history: each is taken once, and can be taken back.

import type { Knex } from 'knex'

export interface Migration {
  readonly name: string
  up(knex: Knex): Promise<void>
  down(knex: Knex): Promise<void>
}

/** Whether the connection is one to PostgreSQL; SQLite is the other kind. */
export function isPostgres(knex: Knex): boolean {
  const { config } = knex.client as { readonly config: { readonly client?: unknown } }
  return config.client === 'pg'
}
