import test from 'ava'
import { hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { redisClient } from '../../test/redis-client.ts'
import { recordingLog } from '../../test/serve.ts'
import { testInbox } from './inbox-contract.ts'
import type { InboxBounds, Ticket } from './inbox.ts'
import { RedisInbox } from './redis-inbox.ts'

const tryTest = hasRedis() ? test : test.skip
const many = { waitingPerSender: 50, waitingInAll: 1000 }
const quick = { lease: 400, renewal: 100, margin: 50, claim: 200, check: 60 }
const opened: (() => Promise<void>)[] = []
let server: RedisServer
let count = 0

test.before(async () => {
  if (hasRedis()) server = await startRedis()
})
test.after.always(async () => {
  for (const close of opened) await close()
  if (hasRedis()) await server.stop()
})

/** An inbox as another process would have it: those of one prefix belong together. */
async function open(keyPrefix: string, bounds: InboxBounds = many, times = quick): Promise<RedisInbox> {
  return (await openWithin(keyPrefix, bounds, times)).inbox
}

/** The same, and how to cut it off: no renewal, no check, no word, as if its process were killed. */
async function openWithin(
  keyPrefix: string,
  bounds = many,
  times = quick,
): Promise<{ inbox: RedisInbox; cutOff: () => void }> {
  const redis = await redisClient(server.port)
  const subscriber = redis.duplicate()
  redis.duplicate = () => subscriber
  const inbox = await RedisInbox.open({ redis, keyPrefix, bounds, log: recordingLog(), times })
  const cutOff = (): void => {
    redis.disconnect()
    subscriber.disconnect()
  }
  opened.push(async () => {
    await inbox.close(0)
    cutOff()
  })
  return { inbox, cutOff }
}

function prefix(): string {
  count += 1
  return `t${count}:`
}

if (hasRedis()) testInbox(test, 'redis', async bounds => open(prefix(), bounds, { ...quick, lease: 5000 }))

tryTest(
  'two processes: messages of one sender are served in the order of arrival, and handed over at once',
  async t => {
    const group = prefix()
    const inboxes = [await open(group), await open(group)] as const
    const redis = await redisClient(server.port)
    const gate = await inboxes[0].take('ann')
    const served: number[] = []
    const waits: number[] = []
    let released = 0
    const serve = async (number: number, ticket: Ticket): Promise<void> => {
      if (released > 0) waits.push(performance.now() - released)
      served.push(number)
      await new Promise(resolve => setTimeout(resolve, 4))
      released = performance.now()
      await ticket.release()
    }
    const turns: Promise<void>[] = []
    for (let number = 0; number < 40; number++) {
      turns.push(inboxes[number % 2 === 0 ? 0 : 1].take('ann').then(ticket => serve(number, ticket)))
      while ((await redis.llen(`{${group}tracker:ann}:inbox`)) <= number) await Promise.resolve()
    }
    await gate.release()
    await Promise.all(turns)
    redis.disconnect()
    t.deepEqual(served, [...served.keys()])
    t.log(
      `hand-over, median ms: ${waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]?.toFixed(1)}`,
    )
  },
)

tryTest(
  'a holder whose process died is waited for no longer than its lease, and so are its waiters',
  async t => {
    const group = prefix()
    const { inbox: dead, cutOff } = await openWithin(group)
    const alive = await open(group)
    await dead.take('ann')
    for (let number = 0; number < 5; number++) void dead.take('ann').catch(() => undefined)
    await new Promise(resolve => setTimeout(resolve, 30))
    const next = alive.take('ann')
    cutOff()
    const started = performance.now()
    await (await next).release()
    t.true(performance.now() - started < 2000)
  },
)

tryTest('a long turn keeps its ticket, and a holder that could not renew knows that it lost it', async t => {
  const group = prefix()
  const { inbox: first, cutOff } = await openWithin(group)
  const second = await open(group)
  const ticket = await first.take('ann')
  let isIn = false
  const waiting = second.take('ann').then(next => {
    isIn = true
    return next
  })
  await new Promise(resolve => setTimeout(resolve, 1000))
  t.false(isIn)
  t.false(ticket.isLost())
  cutOff()
  await new Promise(resolve => setTimeout(resolve, 500))
  t.true(ticket.isLost())
  await (await waiting).release()
})

tryTest('Redis that comes back empty leaves nobody waiting, and its scripts are sent again', async t => {
  const group = prefix()
  const [first, second] = [await open(group), await open(group)]
  const ticket = await first.take('ann')
  const waiting = second.take('ann')
  await new Promise(resolve => setTimeout(resolve, 30))
  const redis = await redisClient(server.port)
  for (const key of await redis.keys(`*${group}*`)) await redis.del(key)
  await redis.script('FLUSH')
  await redis.quit()
  await ticket.release()
  await (await waiting).release()
  t.pass()
})
