import test from 'ava'
import { hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { redisClient } from '../../test/redis-client.ts'
import { recordingLog } from '../../test/serve.ts'
import { testEventLog } from './event-log-contract.ts'
import { RedisTrackerStore } from './redis-tracker-store.ts'

let server: RedisServer
let count = 0

if (hasRedis()) {
  test.before(async () => {
    server = await startRedis()
  })
  test.after.always(() => server.stop())
  testEventLog(test, async t => {
    count += 1
    const redis = await redisClient(server.port)
    const store = await RedisTrackerStore.open({
      ...{ redis, keyPrefix: `l${count}:`, expiry: null, log: recordingLog() },
    })
    t.teardown(() => store.close())
    return store
  })
} else {
  test.skip('redis: a broker reads every event once', () => undefined)
}
