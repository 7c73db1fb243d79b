import test from 'ava'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/tiny-models.ts'
import { testEventLog } from './event-log-contract.ts'
import { openSqlite } from './open-sqlite.ts'
import { SqlTrackerStore } from './sql-tracker-store.ts'

testEventLog(test, async t => {
  const store = await SqlTrackerStore.open(await openSqlite(join(await temporaryFolder(t), 'log.sqlite')))
  t.teardown(() => store.close())
  return store
})
