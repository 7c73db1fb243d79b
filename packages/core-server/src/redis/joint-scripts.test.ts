import test from 'ava'
import type { ExecutionContext } from 'ava'
import { Redis } from 'ioredis'
import { startReplica } from '../../../../tools/redis-group.ts'
import { hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { redisClient } from '../../test/redis-client.ts'
import type { RedisClient } from './connect-redis.ts'
import { jointScript } from './joint-scripts.ts'

const tryTest = hasRedis() ? test.serial : test.skip
let server: RedisServer
let count = 0

test.before(async () => {
  if (hasRedis()) server = await startRedis()
})
test.after.always(async () => {
  if (hasRedis()) await server.stop()
})

/** The scripts of a message's way in and out, of a sender of its own, as functions without arguments. */
function stepsOf(redis: RedisClient) {
  const number = (count += 1)
  const key = (name: string): string => `{tracker:ann${number}}:${name}`
  const ticket = [key('ticket'), key('holder'), key('inbox')]
  const [take, load, append, release] = [
    jointScript(redis, 'inbox', 'take-3.lua'),
    jointScript(redis, 'tracker-store', 'load-4.lua'),
    jointScript(redis, 'tracker-store', 'append-6.lua'),
    jointScript(redis, 'inbox', 'release-3.lua'),
  ]
  return {
    key,
    take: (id = 'p/1') => take(ticket, [id, 10_000, 2_000, 50, 'wake:']),
    load: () => load([key('head'), key('turns'), key('nothing'), key('pending')], [0, '']),
    append: () =>
      append(['head', 'turns', 'why', 'message:', 'pending', 'messages'].map(key), [
        0,
        '',
        'tail',
        'tail\n{}',
        '',
        0,
        '',
        '',
        '[]',
        60,
        1,
        0,
      ]),
    release: (id = 'p/1') => release(ticket, [id, 2_000, 'wake:']),
  }
}

async function client(t: ExecutionContext): Promise<Redis> {
  const redis = await redisClient(server.port)
  t.teardown(() => {
    redis.disconnect()
  })
  return redis
}

/** Scripts that this Redis has run. */
async function runs(redis: Redis): Promise<number> {
  const stats = await redis.info('commandstats')
  return [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  )
}

tryTest('a message costs Redis two scripts, and each part answers as it does alone', async t => {
  const redis = await client(t)
  const { take, load, append, release } = stepsOf(redis)
  const before = await runs(redis)
  t.deepEqual(await Promise.all([take(), load()]), [
    [1, 0],
    [0, '', 0, [], 0, null, 0, 0],
  ])
  t.deepEqual(await Promise.all([append(), release()]), [[1, 1], 1])
  t.is((await runs(redis)) - before, 2)
  t.deepEqual(await load(), [1, 'tail', 0, ['tail\n{}'], 0, null, 0, 0])
})

tryTest('what is asked of two conversations at once is not mixed up, and keeps its order', async t => {
  const redis = await client(t)
  const [ann, ben] = [stepsOf(redis), stepsOf(redis)]
  const answers = await Promise.all([
    ann.take(),
    ben.take(),
    ann.take('p/2'),
    ann.take('p/3'),
    ann.release(),
    ben.load(),
  ])
  t.deepEqual(
    answers.map((answer): unknown => (Array.isArray(answer) ? answer[0] : answer)),
    [1, 1, 0, 0, 1, 0],
  )
  t.is(await redis.get(ann.key('ticket')), 'p/2')
})

tryTest(
  'many messages of one moment are answered each with its own, and cost Redis a script for 32 parts',
  async t => {
    const redis = await client(t)
    const all = Array.from({ length: 40 }, () => stepsOf(redis))
    const before = await runs(redis)
    await Promise.all(all.flatMap(({ take, load }) => [take(), load()]))
    const saved = await Promise.all(
      all.flatMap(({ append, release }, index) => (index % 2 === 0 ? [append(), release()] : [release()])),
    )
    t.deepEqual(
      saved,
      all.flatMap((_, index) => (index % 2 === 0 ? [[1, 1], 1] : [1])),
    )
    t.is((await runs(redis)) - before, 5)
    const found = await Promise.all(all.map(({ load }) => load()))
    t.deepEqual(
      found.map(answer => (answer as unknown[])[0]),
      all.map((_, index) => (index % 2 === 0 ? 1 : 0)),
    )
  },
)

tryTest('a save that Redis refuses fails alone: the ticket goes back all the same', async t => {
  const redis = await client(t)
  const { key, take, append, release } = stepsOf(redis)
  const other = stepsOf(redis)
  await take()
  await redis.set(key('turns'), 'no list')
  const [saved, released, others] = await Promise.allSettled([append(), release(), other.append()])
  t.like(others, { status: 'fulfilled', value: [1, 1] })
  t.like(saved, { status: 'rejected', reason: { code: 'store.unavailable' } })
  t.like(released, { status: 'fulfilled', value: 1 })
  t.is(await redis.exists(key('ticket')), 0)
})

tryTest(
  'a primary that became a replica is noticed: its refusal is the answer to the whole command',
  async t => {
    const replica = await startReplica(server.port)
    t.teardown(() => replica.stop())
    const seen: string[] = []
    const redis = new Redis({
      port: replica.port,
      reconnectOnError: error => (seen.push(error.message), false),
    })
    t.teardown(() => {
      redis.disconnect()
    })
    const { take, load } = stepsOf(redis)
    const answers = await Promise.allSettled([load(), take()])
    t.deepEqual(
      answers.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    t.true(seen.some(message => message.startsWith('READONLY')))
  },
)
