import test from 'ava'
import type { ExecutionContext } from 'ava'
import { hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { redisClient } from '../../test/redis-client.ts'
import { recordingLog } from '../../test/serve.ts'
import { RedisReminderRows } from './redis-reminder-rows.ts'
import { testLastingReminders, testReminderScheduler } from './reminder-scheduler-contract.ts'
import type { OnDue, ReminderScheduler } from './reminder-scheduler.ts'
import { StoredReminderScheduler } from './stored-reminder-scheduler.ts'

let server: RedisServer
const prefixes = new WeakMap<ExecutionContext, string>()
let count = 0

async function open(t: ExecutionContext, onDue: OnDue): Promise<ReminderScheduler> {
  const prefix = prefixes.get(t) ?? `r${(count += 1)}:`
  prefixes.set(t, prefix)
  const redis = await redisClient(server.port)
  t.teardown(() => {
    redis.disconnect()
  })
  const pauses = { look: 30, claim: 300 }
  return new StoredReminderScheduler(new RedisReminderRows(redis, prefix), onDue, recordingLog(), pauses)
}

if (hasRedis()) {
  test.before(async () => {
    server = await startRedis()
  })
  test.after.always(() => server.stop())
  testReminderScheduler(test, open)
  testLastingReminders(test, open)
} else {
  test.skip('redis: reminders outlive the process', () => undefined)
}
