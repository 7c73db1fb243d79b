import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { Redis } from 'ioredis'
import { hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { redisClient } from '../../test/redis-client.ts'
import { recordingLog } from '../../test/serve.ts'
import { RedisTrackerStore } from './redis-tracker-store.ts'
import { testTrackerStore } from './tracker-store-contract.ts'
import { NO_REVISION } from './tracker-store.ts'

const tryTest = hasRedis() ? test : test.skip
let server: RedisServer
let count = 0

test.before(async () => {
  if (hasRedis()) server = await startRedis()
})
test.after.always(async () => {
  if (hasRedis()) await server.stop()
})

async function open(
  t: ExecutionContext | null,
  keyPrefix: string,
  expiry: number | null = null,
): Promise<{ store: RedisTrackerStore; redis: Redis; log: ReturnType<typeof recordingLog> }> {
  const redis = await redisClient(server.port)
  const log = recordingLog()
  const store = await RedisTrackerStore.open({ redis, keyPrefix, expiry, log })
  t?.teardown(() => store.close())
  return { redis, log, store }
}

function prefix(): string {
  count += 1
  return `t${count}:`
}

if (hasRedis()) testTrackerStore(test, 'redis', async () => (await open(null, prefix())).store)

tryTest('a conversation that Rasa keeps goes on here, and what Rasa adds in between is seen', async t => {
  const keyPrefix = prefix()
  const { redis, store } = await open(t, keyPrefix)
  const value = (...times: number[]): string =>
    JSON.stringify({ events: times.map(timestamp => ({ event: 'restart', timestamp })), name: 'ann' })
  for (const sender of ['ann', 'an{n}']) {
    const key = `${keyPrefix}tracker:${sender}`
    await redis.set(key, value(1, 2))
    const first = await store.load(sender)
    t.deepEqual(
      first.events.map(event => event.timestamp),
      [1, 2],
    )
    await store.append(sender, first.revision, [{ event: 'pause', timestamp: 3 }], [])
    t.is(await redis.get(key), value(1, 2), 'Rasa’s own value stays')
  }
  await redis.set(`${keyPrefix}tracker:ann`, value(1, 2, 4))
  t.deepEqual(
    (await store.load('ann')).events.map(event => event.timestamp),
    [1, 2, 3, 4],
  )
  t.deepEqual(await store.senders(null, 5), ['ann', 'an{n}'])
})

tryTest('conversations of Rasa that nobody has touched are listed', async t => {
  const keyPrefix = prefix()
  const redis = await redisClient(server.port)
  for (const sender of ['zoe', 'web/a:b é🙂'])
    await redis.set(`${keyPrefix}tracker:${sender}`, '{"events":[]}')
  await redis.quit()
  const { store } = await open(t, keyPrefix)
  t.deepEqual(await store.senders(null, 5), ['web/a:b é🙂', 'zoe'])
})

tryTest('all keys of a conversation lie in the slot of Rasa’s key, whatever the id', async t => {
  const keyPrefix = prefix()
  const { redis, store } = await open(t, keyPrefix)
  const event = { event: 'pause', timestamp: 3 } as const
  for (const sender of ['ann', 'a%7Bb', 'web/a:b é🙂', '{a}', '}{', 'a{}b', '{user}.1']) {
    const reply = { key: 'k', digest: 'd', replies: [{ text: 'x' }] }
    await store.append(sender, NO_REVISION, [event], [], reply)
    const keys = (await redis.keys(`*${keyPrefix}tracker:*`)).filter(key => key.startsWith('{'))
    // Redis Cluster hashes what stands between the first brace and the next closing one, else the whole key.
    const tags = new Set(keys.map(key => /^\{(.+?)\}/.exec(key)?.[1]))
    t.is(tags.size, 1, sender)
    if (!/[{}]/.test(sender)) t.true(tags.has(`${keyPrefix}tracker:${sender}`), sender)
    await store.erase(sender)
    t.deepEqual((await redis.keys(`{${keyPrefix}tracker:*`)).length, 0, 'nothing is left')
  }
})

tryTest('a save that is sent twice is saved once, and forgotten turns are told', async t => {
  const keyPrefix = prefix()
  const { redis, store, log } = await open(t, keyPrefix)
  const event = { event: 'pause', timestamp: 3 } as const
  const id = await redis.client('ID')
  const other = await redisClient(server.port)
  t.teardown(() => {
    other.disconnect()
  })
  const first = await store.append('ann', NO_REVISION, [event], [])
  // The answer is lost on the way: ioredis connects anew and sends the command again.
  const saving = store.append('ann', first, [event], [])
  await other.client('KILL', 'ID', id)
  const second = await saving
  t.deepEqual([second.number, (await store.load('ann')).events.length], [2, 2])
  await redis.del(...(await redis.keys(`*${keyPrefix}tracker:ann*`)))
  t.is((await store.load('ann', second)).events.length, 0)
  const told = (): number => log.entries.filter(entry => entry.code === 'store.regressed').length
  t.is(told(), 1)
  // The conversation began anew at another server before this one looked.
  const anew = await store.append('ann', NO_REVISION, [event], [])
  await store.load('ann', first)
  t.is(told(), 2, 'as long as what is known')
  const longer = await store.append('ann', anew, [event], [])
  t.is((await store.load('ann', first)).events.length, 2)
  t.is(told(), 3, 'longer than what is known')
  await store.load('ann', anew)
  await store.replace('ann', [event])
  await store.load('ann', longer)
  t.is(told(), 3, 'what was replaced is not lost')
})

tryTest(
  'what was erased, or is past its time, is not told as forgotten; what is gone before its time is',
  async t => {
    const keyPrefix = prefix()
    const event = { event: 'pause', timestamp: 3 } as const
    const { redis, store, log } = await open(t, keyPrefix, 600)
    const told = (): number => log.entries.filter(entry => entry.code === 'store.regressed').length
    const erased = await store.append('ann', NO_REVISION, [event], [])
    await store.erase('ann')
    t.is((await store.load('ann', erased)).events.length, 0)
    await store.append('ann', NO_REVISION, [event], [])
    await store.load('ann', erased)
    t.is(told(), 0, 'erased, and begun anew')

    const early = await store.append('ben', NO_REVISION, [event], [])
    await redis.del(`{${keyPrefix}tracker:ben}:head`, `{${keyPrefix}tracker:ben}:turns`)
    await store.load('ben', early)
    t.is(told(), 1, 'gone ten minutes too early')

    const longAgo = Buffer.alloc(16)
    longAgo.writeUInt32BE(Math.floor(Date.now() / 1000) - 601)
    await store.load('cleo', { number: 3, tail: longAgo.toString('base64url') })
    t.is(told(), 1, 'its ten minutes were over')
  },
)

tryTest('with record_exp a conversation expires as a whole and is listed no longer', async t => {
  const keyPrefix = prefix()
  const { redis, store } = await open(t, keyPrefix, 100)
  await store.append('ann', NO_REVISION, [{ event: 'pause', timestamp: 3 }], [])
  t.deepEqual(await store.senders(null, 5), ['ann'])
  for (const key of await redis.keys(`{${keyPrefix}tracker:ann}:*`))
    if (!key.includes('message')) await redis.pexpire(key, 1)
  await new Promise(resolve => setTimeout(resolve, 20))
  t.deepEqual(await store.senders(null, 5), [])
  t.is((await store.load('ann')).revision.number, 0)
})
