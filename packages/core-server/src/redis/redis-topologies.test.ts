// The suites of inbox and tracker store on other shapes of Redis: a Cluster of three, and a primary with its replica.

import test from 'ava'
import { Cluster, Redis } from 'ioredis'
import { startCluster, startReplica } from '../../../../tools/redis-group.ts'
import type { RedisCluster } from '../../../../tools/redis-group.ts'
import { hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { recordingLog } from '../../test/serve.ts'
import { connectRedis } from './connect-redis.ts'
import type { RedisClient } from './connect-redis.ts'
import { readRedisSettings } from './redis-settings.ts'
import { RedisTrackerStore } from '../tracker-store/redis-tracker-store.ts'
import { testTrackerStore } from '../tracker-store/tracker-store-contract.ts'
import { testInbox } from '../inbox/inbox-contract.ts'
import { RedisInbox } from '../inbox/redis-inbox.ts'

let cluster: RedisCluster
let primary: RedisServer
let replica: RedisServer
let count = 0
const clients: RedisClient[] = []
const inboxes: RedisInbox[] = []

test.before(async () => {
  if (!hasRedis()) return
  ;[cluster, primary] = await Promise.all([startCluster(), startRedis({ 'repl-diskless-sync-delay': '0' })])
  replica = await startReplica(primary.port)
})
test.after.always(async () => {
  await Promise.all(inboxes.map(inbox => inbox.close(0)))
  for (const client of clients) client.disconnect()
  if (hasRedis()) await Promise.all([cluster.stop(), primary.stop(), replica.stop()])
})

/** A client as a server opens it, with keys of its own. */
async function open(
  entry: Readonly<Record<string, unknown>>,
): Promise<{ redis: RedisClient; keyPrefix: string }> {
  const redis = await connectRedis(readRedisSettings(entry, 'tracker_store', 0), recordingLog())
  clients.push(redis)
  count += 1
  return { redis, keyPrefix: `t${count}:` }
}

const SHAPES = {
  'redis cluster': async () =>
    open({ type: 'redis', cluster: cluster.nodes.map(({ port }) => `127.0.0.1:${port}`) }),
  'redis with a replica that confirms': async () =>
    open({ type: 'redis', url: '127.0.0.1', port: primary.port, wait_replicas: 1 }),
}

for (const [shape, openShape] of Object.entries(SHAPES)) {
  if (!hasRedis()) continue
  const waitReplicas = shape.includes('replica') ? 1 : 0
  testTrackerStore(test, shape, async () =>
    RedisTrackerStore.open({ ...(await openShape()), expiry: null, waitReplicas, log: recordingLog() }),
  )
  testInbox(test, shape, async bounds => {
    const inbox = await RedisInbox.open({ ...(await openShape()), bounds, log: recordingLog() })
    inboxes.push(inbox)
    return inbox
  })
}

const tryTest = hasRedis() ? test : test.skip

tryTest('the servers are what they are said to be', async t => {
  const { redis } = await SHAPES['redis cluster']()
  t.true(redis instanceof Cluster)
  const { redis: alone } = await SHAPES['redis with a replica that confirms']()
  t.true(alone instanceof Redis)
  t.regex(await (alone as Redis).info('replication'), /connected_slaves:1/)
})
