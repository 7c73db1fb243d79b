// Opens a SQLite file under knex; loaded only where a tracker_store asks for SQL.

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import createKnex from 'knex'
import type { Knex } from 'knex'
import { NodeSqliteClient } from './node-sqlite-client.ts'

/** A connection to the file, which is made if missing; `:memory:` for none. One connection: SQLite writes one at a time. */
export async function openSqlite(filename: string): Promise<Knex> {
  if (filename !== ':memory:') await mkdir(dirname(filename), { recursive: true })
  return createKnex({
    client: NodeSqliteClient,
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  })
}
