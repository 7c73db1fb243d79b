// The tools of `bot db` over the database of users and history.

import { join } from 'node:path'
import { readEndpoints } from '../config/read-endpoints.ts'
import type { Role, Settings } from '../config/server-options.ts'
import { flagSetting, numberSetting } from '../config/settings.ts'
import { readDatabaseUrl } from '../config/shop-settings.ts'
import { rebuildHistory } from '../history/history-feed.ts'
import { SqlHistory } from '../history/sql-history.ts'
import { createLog } from '../telemetry/log.ts'
import { openState } from '../tracker-store/open-state.ts'
import { createDatabase } from '../users/first-admin.ts'
import type { CreatedDatabase } from '../users/first-admin.ts'
import { asDatabaseError } from './database-errors.ts'
import { migrateDown } from './migrate.ts'
import { openDatabase } from './open-database.ts'

export interface ShopDatabaseOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly role: Role
  /** Of the project: the embedded database lies in it. */
  readonly folder: string
  /** A parsed endpoints.yml, for the store that an index is made of. */
  readonly endpoints: Settings
}

export interface ShopDatabase {
  /** For people; without a password. */
  readonly name: string
  create(): Promise<CreatedDatabase>
  /** The steps that were taken back. */
  rollBack(): Promise<readonly string[]>
  /** How many conversations there are. */
  rebuildHistory(onProgress: (conversations: number) => void): Promise<number>
  close(): Promise<void>
}

/** Each tool throws CodedError `database.away` where the database does not answer. */
export async function openShopDatabase(options: ShopDatabaseOptions): Promise<ShopDatabase> {
  const { environment, role, folder, endpoints } = options
  const url = readDatabaseUrl(environment, role, join(folder, '.tabula', 'shop.sqlite'))
  const isDemo = flagSetting(environment, 'DEMO')
  const lowConfidence = numberSetting(environment, 'LOW_CONFIDENCE')
  const knex = await openDatabase(url)
  return {
    name: url.replace(/:\/\/[^@]*@/, '://'),
    create: async () => asked(() => createDatabase(knex, environment, { isDemo })),
    rollBack: async () => asked(() => migrateDown(knex)),
    async rebuildHistory(onProgress) {
      const embedded = join(folder, '.tabula', 'conversations.sqlite')
      const log = createLog('warn')
      const { trackerStore } = readEndpoints(endpoints, { type: 'sql', dialect: 'sqlite', db: embedded }, log)
      const state = await openState({ trackerStore, lockStore: { kind: 'memory' } }, log)
      try {
        const history = new SqlHistory(knex, { lowConfidence }, () => Date.now() / 1000)
        return await asked(() => rebuildHistory(history, state.store, onProgress))
      } finally {
        await state.close()
      }
    },
    async close() {
      await knex.destroy()
    },
  }
}

async function asked<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw asDatabaseError(error)
  }
}
