// The SQL database of an entry of endpoints.yml, with Rasa's keys: of a tracker_store, or of an event_broker.

import { resolve } from 'node:path'
import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { PostgresSettings } from '../tracker-store/open-postgres.ts'

export type SqlSettings =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly settings: PostgresSettings }

/**
 * The database of an entry with Rasa's keys; `where` names the entry in errors, `fallback` is its db. Throws CodedError
 * `endpoints.sql-*` (400) on what cannot work.
 */
export function readSqlSettings(
  entry: Readonly<Record<string, unknown>>,
  where: string,
  fallback: string,
): SqlSettings {
  const { dialect = 'sqlite', url, db = fallback } = entry
  const address = typeof url === 'string' && url.includes('://') ? url : null
  const name = (address?.split(':')[0] ?? String(dialect)).toLowerCase().split('+')[0]
  if (name === 'sqlite') return { kind: 'sqlite', file: sqliteFile(address, db, where) }
  if (name !== 'postgresql' && name !== 'postgres') {
    throw new CodedError(
      'endpoints.sql-dialect',
      `${where} has the dialect ${String(dialect)}. sqlite and postgresql are there.`,
      { status: 400 },
    )
  }
  const { username, password, port = 5432, query } = entry
  const parameters = isRecord(query) ? Object.entries(query).map(([key, value]) => [key, String(value)]) : []
  return {
    kind: 'postgres',
    settings: {
      // SQLAlchemy names its driver in the scheme.
      url: address === null ? null : address.replace(/^[a-z]+(\+[a-z0-9]+)?:/i, 'postgresql:'),
      host: textOf(url) ?? 'localhost',
      port: Number(port),
      database: textOf(db) ?? fallback,
      username: textOf(username),
      password: textOf(password),
      query: Object.fromEntries(parameters) as Record<string, string>,
    },
  }
}

/** A text or a number of a setting as text; null for everything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/** Rasa's rule: a `url` with `://` is the whole address of the database, else `db` is its file. */
function sqliteFile(url: string | null, db: unknown, where: string): string {
  const address = url === null ? db : url.replace(/^sqlite:\/\/\/?/, '')
  if (typeof address !== 'string' || address === '') {
    throw new CodedError('endpoints.sql-db', `${where} needs db, the path of its file.`, {
      status: 400,
    })
  }
  return address === ':memory:' ? address : resolve(address)
}
