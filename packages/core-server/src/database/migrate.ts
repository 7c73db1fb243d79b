// Brings the database to the newest step, or back by one.

import type { Knex } from 'knex'
import type { Migration } from './migration.ts'
import { filesMigration } from './migrations/files.ts'
import { historyMigration } from './migrations/history.ts'
import { usersMigration } from './migrations/users.ts'

/** In the order that they are taken; what was released is never changed, only followed. */
const MIGRATIONS: readonly Migration[] = [usersMigration, historyMigration, filesMigration]

const CONFIG: Knex.MigratorConfig = {
  tableName: 'tabula_migrations',
  migrationSource: {
    getMigrations: async () => [...MIGRATIONS],
    getMigrationName: (migration: Migration) => migration.name,
    getMigration: async (migration: Migration) => migration,
  },
}

/** Gives the names of the steps that were taken; none where the database is up to date. */
export async function migrateUp(knex: Knex): Promise<readonly string[]> {
  const [, taken] = (await knex.migrate.latest(CONFIG)) as [number, string[]]
  return taken
}

/** Takes the newest step back, with all that its tables hold. */
export async function migrateDown(knex: Knex): Promise<readonly string[]> {
  const [, taken] = (await knex.migrate.down(CONFIG)) as [number, string[]]
  return taken
}

/** Whether every step is taken. */
export async function isMigrated(knex: Knex): Promise<boolean> {
  const [, waiting] = (await knex.migrate.list(CONFIG)) as [unknown[], unknown[]]
  return waiting.length === 0
}
