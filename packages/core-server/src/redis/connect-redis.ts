// Opens connections to Redis, alike for one server, Sentinel and Cluster, so that nothing waits on it without bound.

import { readFile } from 'node:fs/promises'
import { Cluster, Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'
import type { Log } from '../telemetry/log.ts'
import type { RedisSettings, RedisTls } from './redis-settings.ts'

export type RedisClient = Redis | Cluster

/** Milliseconds until an unanswered command fails: callers must have their 503 within 5 seconds. */
const COMMAND_TIMEOUT = 4_500
/** The longest pause between two attempts to connect, so that a server that is back is noticed at once. */
const LONGEST_PAUSE = 500

/** A client that connects by itself, again and again. Throws where a file of its TLS settings cannot be read. */
export async function connectRedis(settings: RedisSettings, log: Log): Promise<RedisClient> {
  const options = await optionsOf(settings)
  const client =
    settings.mode === 'cluster'
      ? new Cluster([...settings.nodes], {
          redisOptions: options,
          // Cluster has one database, and moves of slots are followed for as long as a caller waits.
          maxRedirections: 32,
          retryDelayOnTryAgain: 100,
          retryDelayOnClusterDown: 200,
          retryDelayOnFailover: 200,
          slotsRefreshInterval: 2_000,
          clusterRetryStrategy: pause,
        })
      : new Redis({ ...options, ...addressOf(settings), db: settings.db })
  if (client instanceof Cluster) client.on('+node', gatherWrites)
  else gatherWrites(client)
  client.on('error', (err: unknown) => {
    log.debug({ code: 'redis.connection', err }, 'A connection to Redis failed.')
  })
  return client
}

function addressOf({ mode, nodes, primary }: RedisSettings): RedisOptions {
  if (mode === 'sentinel') {
    return { sentinels: [...nodes], name: primary ?? 'mymaster', sentinelRetryStrategy: pause }
  }
  return { host: nodes[0].host, port: nodes[0].port }
}

async function optionsOf({ username, password, tls }: RedisSettings): Promise<RedisOptions> {
  return {
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(tls === null ? {} : { tls: await readTls(tls) }),
    commandTimeout: COMMAND_TIMEOUT,
    // A peer that is gone without a word is found by what it leaves unanswered.
    socketTimeout: COMMAND_TIMEOUT + 500,
    connectTimeout: 2_000,
    keepAlive: 5_000,
    maxRetriesPerRequest: null,
    retryStrategy: pause,
    // After a failover the old primary refuses writes: connect anew and send the command again.
    reconnectOnError: error => (/^(READONLY|LOADING|MASTERDOWN)/.test(error.message) ? 2 : false),
  }
}

function pause(attempt: number): number {
  return Math.min(50 * attempt, LONGEST_PAUSE)
}

async function readTls(tls: RedisTls): Promise<{ key?: Buffer; cert?: Buffer; ca?: Buffer }> {
  const read = async (file: string | null): Promise<Buffer | undefined> =>
    file === null ? undefined : readFile(file)
  const [key, cert, ca] = await Promise.all([read(tls.keyFile), read(tls.certificateFile), read(tls.caFile)])
  return {
    ...(key === undefined ? {} : { key }),
    ...(cert === undefined ? {} : { cert }),
    ...(ca === undefined ? {} : { ca }),
  }
}

/** Has what is asked in one round of the event loop leave in one write: that halves what a message costs. */
function gatherWrites(client: Redis): void {
  client.on('connect', () => {
    const { stream } = client
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
    let isGathering = false
    Object.assign(stream, {
      write(...args: unknown[]) {
        if (!isGathering) {
          isGathering = true
          stream.cork()
          setImmediate(() => {
            isGathering = false
            stream.uncork()
          })
        }
        return write(...args)
      },
    })
  })
}
