// For tests: empty databases of both kinds, PostgreSQL where this machine has it.

import type { ExecutionContext, TestFn } from 'ava'
import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { hasPostgres, startPostgres } from '../../../tools/postgres-server.ts'
import type { PostgresServer } from '../../../tools/postgres-server.ts'
import { openDatabase } from '../src/database/open-database.ts'

/** Gives an empty database, which is closed when the test ends. */
export type OpenEmpty = (t: ExecutionContext) => Promise<Knex>

/** Declares the tests once for each kind of database; those for PostgreSQL are skipped, by name, where there is none. */
export function forBothDatabases(
  test: TestFn,
  declare: (test: TestFn | TestFn['skip'], name: string, open: OpenEmpty) => void,
): void {
  declare(test, 'sqlite', async t => closing(t, await openDatabase(':memory:')))
  if (!hasPostgres()) {
    if (process.env['CI'] === 'true') throw new Error('There is no PostgreSQL here, and CI needs it.')
    declare(test.skip, 'postgresql', async () => Promise.reject(new Error('skipped')))
    return
  }
  let server: PostgresServer | undefined
  test.before('a PostgreSQL starts', async () => {
    server = await startPostgres()
  })
  test.after.always('it stops', async () => server?.stop())
  declare(test, 'postgresql', async t => closing(t, await emptyPostgres(server?.url ?? '')))
}

/** A machine that runs many tests at once takes its time to connect. */
const PATIENCE = 60_000

/** A new database of the server. */
export async function emptyPostgres(url: string): Promise<Knex> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const maintenance = await openDatabase(url, PATIENCE)
  await maintenance.raw(`create database ${name}`)
  await maintenance.destroy()
  return openDatabase(url.replace(/\/postgres$/, `/${name}`), PATIENCE)
}

function closing(t: ExecutionContext, knex: Knex): Knex {
  t.teardown(() => knex.destroy())
  return knex
}
