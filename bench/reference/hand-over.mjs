// One of two processes that take and release the ticket of one sender in turn; prints when it had it and gave it back.

import { Redis } from 'ioredis'
import { RedisInbox } from '../../packages/core-server/src/inbox/redis-inbox.ts'

const [redisPort, rounds] = process.argv.slice(2).map(Number)
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const bounds = { waitingPerSender: 50, waitingInAll: 1000 }
const redis = new Redis({ port: redisPort })
const inbox = await RedisInbox.open({ redis, keyPrefix: 'bench:', bounds, log: quiet })
process.stdout.write('ready\n')
process.stdin.once('data', async () => {
  const times = []
  for (let round = 0; round < rounds; round += 1) {
    const ticket = await inbox.take('ann')
    const taken = performance.timeOrigin + performance.now()
    await new Promise(resolve => setTimeout(resolve, 2))
    times.push([taken, performance.timeOrigin + performance.now()])
    await ticket.release()
  }
  process.stdout.write(`${JSON.stringify(times)}\n`)
  await inbox.close(0)
  redis.disconnect()
  process.stdin.destroy()
})
