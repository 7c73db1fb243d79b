// Looks how Redis keeps what it confirms, and says at start what a crash of it would lose.

import { Cluster } from 'ioredis'
import type { Log } from '../telemetry/log.ts'
import type { RedisClient } from './connect-redis.ts'

/** One warning a setting that can lose conversations; silent where the server does not tell its settings. */
export async function warnOfLoss(client: RedisClient, log: Log): Promise<void> {
  const node = client instanceof Cluster ? client.nodes('master')[0] : client
  const settings = new Map<string, string>()
  for (const name of ['appendonly', 'appendfsync', 'maxmemory-policy', 'maxmemory']) {
    try {
      const [, value] = (await node?.config('GET', name)) as [string, string] | [undefined, undefined]
      if (value !== undefined) settings.set(name, value)
    } catch {
      return
    }
  }
  if (settings.get('appendonly') === 'no') {
    log.warn(
      { code: 'redis.no-log' },
      'Redis keeps no append-only log: a restart of it loses conversations. Set appendonly yes.',
    )
  } else if (settings.get('appendfsync') !== 'always') {
    log.info(
      { code: 'redis.log-each-second' },
      'Redis writes its log each second: a crash of its machine may lose the last two seconds.',
    )
  }
  if (settings.get('maxmemory') !== '0' && settings.get('maxmemory-policy') !== 'noeviction') {
    log.warn(
      { code: 'redis.evicts', policy: settings.get('maxmemory-policy') },
      'Redis may throw conversations away when its memory is full. Set maxmemory-policy noeviction.',
    )
  }
}
