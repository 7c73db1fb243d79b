// Opens PostgreSQL under knex; loaded only where a tracker_store asks for it.

import createKnex from 'knex'
import type { Knex } from 'knex'

export interface PostgresSettings {
  /** A whole address, or null where the parts below say it. */
  readonly url: string | null
  readonly host: string
  readonly port: number
  readonly database: string
  readonly username: string | null
  readonly password: string | null
  /** Further settings of the connection, as Rasa's `query`. */
  readonly query: Readonly<Record<string, string>>
}

/** Milliseconds until an unanswered question fails: callers must have their 503 within 5 seconds. */
const TIMEOUT = 4_500

/** A pool of connections, which connects when it is first asked. */
export async function openPostgres(settings: PostgresSettings): Promise<Knex> {
  const { url, host, port, database, username, password, query } = settings
  const address =
    url === null
      ? {
          ...{ host, port, database },
          ...(username === null ? {} : { user: username }),
          ...(password === null ? {} : { password }),
        }
      : { connectionString: url }
  return createKnex({
    client: 'pg',
    connection: {
      ...address,
      ...(query['sslmode'] === undefined || url !== null
        ? {}
        : {
            ssl:
              query['sslmode'] === 'disable'
                ? false
                : { rejectUnauthorized: query['sslmode'].startsWith('verify') },
          }),
      connectionTimeoutMillis: 2_000,
      query_timeout: TIMEOUT,
      statement_timeout: TIMEOUT,
      keepAlive: true,
    },
    acquireConnectionTimeout: TIMEOUT,
    pool: { min: 0, max: 10 },
  })
}
