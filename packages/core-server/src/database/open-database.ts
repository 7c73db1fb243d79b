// Opens the database of users and history: a file of SQLite, or PostgreSQL. What drives them is loaded when one is opened.

import { CodedError } from '@tabula/protocol'
import type { Knex } from 'knex'

/** Milliseconds: a login must say soon that the database is away, and a question must not hold a connection for ever. */
const CONNECT_TIMEOUT = 1_700
const STATEMENT_TIMEOUT = 30_000
const CONNECTIONS = 10

/**
 * A connection to `sqlite:PATH` (a path without a scheme too) or `postgresql://USER:PASSWORD@HOST/NAME`. A PostgreSQL that
 * is away now is asked again with every question; `patience` in milliseconds is how long one waits for a connection.
 * Throws CodedError `database.url` for another address.
 */
export async function openDatabase(url: string, patience: number = CONNECT_TIMEOUT): Promise<Knex> {
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    const { default: createKnex } = await import('knex')
    return createKnex({
      client: 'pg',
      connection: {
        connectionString: url,
        connectionTimeoutMillis: patience,
        statement_timeout: STATEMENT_TIMEOUT,
        application_name: 'tabula',
        // Compiling a search takes PostgreSQL longer than the search; and on today's disks to look rows up one by one is
        // hardly dearer than in a row, without which it reads all messages for each search.
        options: '-c jit=off -c random_page_cost=1.1',
      },
      acquireConnectionTimeout: patience,
      pool: { min: 0, max: CONNECTIONS },
    })
  }
  const file = /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1] ?? url
  if (file === '' || /^[a-z]+:\/\//i.test(file)) {
    throw new CodedError(
      'database.url',
      'DATABASE_URL should be postgresql://user:password@host:5432/name, or sqlite:path/of/file.',
      { status: 400 },
    )
  }
  const { openSqlite } = await import('../tracker-store/open-sqlite.ts')
  return openSqlite(file)
}
