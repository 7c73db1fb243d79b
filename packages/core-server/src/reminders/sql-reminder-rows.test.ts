import test from 'ava'
import type { ExecutionContext } from 'ava'
import { join } from 'node:path'
import { recordingLog } from '../../test/serve.ts'
import { temporaryFolder } from '../../test/tiny-models.ts'
import { openSqlite } from '../tracker-store/open-sqlite.ts'
import { testLastingReminders, testReminderScheduler } from './reminder-scheduler-contract.ts'
import type { OnDue, ReminderScheduler } from './reminder-scheduler.ts'
import { SqlReminderRows } from './sql-reminder-rows.ts'
import { StoredReminderScheduler } from './stored-reminder-scheduler.ts'

const PAUSES = { look: 30, claim: 300 }

async function openOn(t: ExecutionContext, file: string, onDue: OnDue): Promise<ReminderScheduler> {
  const knex = await openSqlite(file)
  t.teardown(() => knex.destroy())
  return new StoredReminderScheduler(await SqlReminderRows.open(knex), onDue, recordingLog(), PAUSES)
}

const files = new WeakMap<ExecutionContext, string>()

async function fileOf(t: ExecutionContext): Promise<string> {
  const file = files.get(t) ?? join(await temporaryFolder(t), 'reminders.sqlite')
  files.set(t, file)
  return file
}

testReminderScheduler(test, async (t, onDue) => openOn(t, await fileOf(t), onDue))
testLastingReminders(test, async (t, onDue) => openOn(t, await fileOf(t), onDue))
