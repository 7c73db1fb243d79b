// For tests: clients as the server opens them, on a Redis of the test's own.

import type { Redis } from 'ioredis'
import { connectRedis } from '../src/redis/connect-redis.ts'
import { readRedisSettings } from '../src/redis/redis-settings.ts'
import { recordingLog } from './serve.ts'

/** A client of the Redis at this port; the caller disconnects it. */
export async function redisClient(port: number): Promise<Redis> {
  const client = await connectRedis(readRedisSettings({ url: '127.0.0.1', port }, 'test', 0), recordingLog())
  return client as Redis
}
