// A knex client over node:sqlite: SQLite without a native module. knex's SQLite dialect writes the SQL, this runs it.

import { createRequire } from 'node:module'
import type { Knex } from 'knex'
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, StatementSync } from 'node:sqlite'

/** Inserts differ in their number of rows, so that there are more statements than lines of code. */
const MOST_STATEMENTS = 200

/** What knex passes through a query. */
interface QueryObject {
  readonly sql: string
  readonly bindings?: readonly unknown[]
  response?: unknown
  context?: { lastID: number | bigint; changes: number | bigint }
}

// knex ships no types for its dialects; this one is a `Knex.Client` by inheritance.
const SqliteDialect = createRequire(import.meta.url)('knex/lib/dialects/better-sqlite3') as typeof Knex.Client

export class NodeSqliteClient extends SqliteDialect {
  _driver(): unknown {
    return DatabaseSync
  }

  override async acquireRawConnection(): Promise<DatabaseSync> {
    const settings = this.config.connection as { readonly filename: string }
    const database = new DatabaseSync(settings.filename, { timeout: 5_000 })
    // WAL with NORMAL: a crash of the process loses nothing, a power cut at most the last commits.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;',
    )
    return database
  }

  override async destroyRawConnection(connection: DatabaseSync): Promise<void> {
    connection.close()
  }

  async _query(connection: DatabaseSync, query: QueryObject): Promise<QueryObject> {
    // Every transaction here writes: one that began by reading could not go on where another process wrote meanwhile.
    const sql = query.sql === 'BEGIN;' ? 'BEGIN IMMEDIATE;' : query.sql
    const statement = prepare(connection, sql)
    const bindings = (query.bindings ?? []).map(bound)
    if (statement.columns().length > 0) {
      query.response = statement.all(...bindings)
      return query
    }
    const { lastInsertRowid, changes } = statement.run(...bindings)
    query.response = { lastInsertRowid, changes }
    query.context = { lastID: lastInsertRowid, changes }
    return query
  }
}

/** Compiled statements of a connection, which is used for one query at a time; a transaction of knex is another client. */
const compiled = new WeakMap<DatabaseSync, Map<string, StatementSync>>()

function prepare(connection: DatabaseSync, sql: string): StatementSync {
  let statements = compiled.get(connection)
  if (statements === undefined || statements.size >= MOST_STATEMENTS) {
    statements = new Map()
    compiled.set(connection, statements)
  }
  const known = statements.get(sql)
  if (known !== undefined) return known
  const statement = connection.prepare(sql)
  statements.set(sql, statement)
  return statement
}

function bound(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Date) return value.valueOf()
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`A ${typeof value} cannot be stored.`)
}
