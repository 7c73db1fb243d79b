import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { redisClient } from '../../test/redis-client.ts'
import { recordingLog } from '../../test/serve.ts'
import { until } from '../../test/until.ts'
import { LocalSocketRelay, RedisSocketRelay } from './socket-relay.ts'
import type { SocketRelay } from './socket-relay.ts'

const tryTest = hasRedis() ? test : test.skip
let server: RedisServer

test.before(async () => {
  if (hasRedis()) server = await startRedis()
})
test.after.always(async () => {
  if (hasRedis()) await server.stop()
})

interface Process {
  readonly relay: SocketRelay
  /** What its sockets were told. */
  readonly told: string[]
}

async function openProcess(t: ExecutionContext, keyPrefix: string): Promise<Process> {
  const redis = await redisClient(server.port)
  const relay = await RedisSocketRelay.open({ redis, keyPrefix }, recordingLog())
  const told: string[] = []
  relay.onMessage((room, event, payload) => told.push(`${room} ${event} ${JSON.stringify(payload)}`))
  t.teardown(() => {
    relay.close()
    redis.disconnect()
  })
  return { relay, told }
}

tryTest(
  'a socket gets what processes say in turn in the order in which they said it, at whichever process it is',
  async t => {
    const processes = await Promise.all([0, 1, 2].map(async () => openProcess(t, 'order:')))
    const said = Array.from({ length: 300 }, (_, number) => `ann bot_uttered ${number}`)
    for (const number of said.keys()) {
      // As a ticket goes around: the next one speaks when the last one is done.
      await processes[number % 3]?.relay.send('ann', 'bot_uttered', number)
    }
    await until(() => processes.every(({ told }) => told.length >= said.length))
    for (const { told } of processes) t.deepEqual(told, said)
  },
)

tryTest('long answers arrive, and do not fill Redis: fewer of them are kept', async t => {
  const { relay, told } = await openProcess(t, 'long:')
  const admin = await redisClient(server.port)
  t.teardown(() => {
    admin.disconnect()
  })
  const text = 'x'.repeat(2_000_000)
  for (let number = 0; number < 80; number += 1) {
    await relay.send('ann', 'bot_uttered', text)
    await relay.settled()
  }
  await until(() => told.length >= 80)
  t.is(told.length, 80)
  t.true((await admin.xlen('long:tabula:sockets')) <= 60)
})

tryTest('connections to Redis that break all the time lose and double no answer', async t => {
  const processes = await Promise.all([0, 1].map(async () => openProcess(t, 'drop:')))
  const admin = await redisClient(server.port)
  t.teardown(() => {
    admin.disconnect()
  })
  const said = Array.from({ length: 200 }, (_, number) => `ann bot_uttered ${number}`)
  for (const number of said.keys()) {
    if (number % 20 === 10) await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await processes[number % 2]?.relay.send('ann', 'bot_uttered', number)
  }
  await until(() => processes.every(({ told }) => told.length >= said.length))
  await sleep(100)
  for (const { told } of processes) t.deepEqual(told, said)
})

tryTest('what was sent is at the sockets of this process when it is waited for', async t => {
  const { relay, told } = await openProcess(t, 'settled:')
  for (let number = 0; number < 20; number += 1) {
    await relay.send('ann', 'bot_uttered', number)
    await relay.settled()
    t.is(told.length, number + 1)
  }
})

test('one process alone needs no Redis', async t => {
  const relay = new LocalSocketRelay()
  const told: unknown[] = []
  relay.onMessage((room, event, payload) => told.push([room, event, payload]))
  await relay.send('ann', 'bot_uttered', 1)
  await relay.settled()
  t.deepEqual(told, [['ann', 'bot_uttered', 1]])
})
