// For tests: several servers of Redis that belong together: a primary with its replica, a Cluster, a Sentinel.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answers, freePort, startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'
import { findService } from './services.mjs'

/** What redis-cli prints; one command by its words. */
export function redisCli(port: number, ...words: readonly string[]): string {
  const options = { encoding: 'utf8', timeout: 30_000 } as const
  return spawnSync('redis-cli', ['-p', String(port), ...words], options).stdout
}

/** A replica that has all of the primary at this port, which may be that of a road to it. */
export async function startReplica(
  port: number,
  options: Readonly<Record<string, string>> = {},
): Promise<RedisServer> {
  const replica = await startRedis({
    replicaof: `127.0.0.1 ${port}`,
    'repl-diskless-sync-delay': '0',
    ...options,
  })
  await untilSo(() => redisCli(replica.port, 'INFO', 'replication').includes('master_link_status:up'))
  return replica
}

export interface RedisCluster {
  readonly nodes: readonly RedisServer[]
  /** The node that has the slot of this key. */
  ownerOf(key: string): RedisServer
  stop(): Promise<void>
}

/** Three masters, each with so many replicas. A master counts as dead after 2 s. */
export async function startCluster(replicas = 0): Promise<RedisCluster> {
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': '2000',
    'repl-diskless-sync-delay': '0',
    appendonly: 'yes',
  }
  const nodes = await Promise.all(Array.from({ length: 3 * (1 + replicas) }, () => startRedis(settings)))
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(node => node.stop()))
  }
  const ports = nodes.map(({ port }) => port)
  const made = spawnSync(
    'redis-cli',
    [
      ...['--cluster', 'create', ...ports.map(port => `127.0.0.1:${port}`)],
      ...['--cluster-replicas', String(replicas), '--cluster-yes'],
    ],
    { encoding: 'utf8', timeout: 60_000 },
  )
  if (made.status !== 0) {
    await stop()
    throw new Error(`The cluster was not made: ${made.stdout} ${made.stderr}`)
  }
  const isWhole = (port: number): boolean => {
    const told = redisCli(port, 'CLUSTER', 'INFO')
    return told.includes('cluster_state:ok') && told.includes(`cluster_known_nodes:${nodes.length}`)
  }
  await untilSo(() => ports.every(isWhole))
  // A replica that has nothing yet does not take over.
  const hasAll = (port: number): boolean =>
    !redisCli(port, 'INFO', 'replication').includes('link_status:down')
  await untilSo(() => ports.every(hasAll))
  return {
    nodes,
    ownerOf(key) {
      const [port = 0] = ports
      const moved = redisCli(port, 'SET', `{${key}}:owner`, '1')
      const owner = Number(/:(\d+)/.exec(moved)?.[1] ?? port)
      const found = nodes.find(node => node.port === owner)
      if (found === undefined) throw new Error(`Nobody has ${key}: ${moved}`)
      return found
    },
    stop,
  }
}

export interface Sentinel {
  readonly port: number
  /** The port of the primary that it names. */
  primary(): number
  stop(): Promise<void>
}

/** One Sentinel that decides alone: the primary counts as dead after a second. */
export async function startSentinel(primaryPort: number): Promise<Sentinel> {
  const program = findService('Redis')
  if (program === null) throw new Error('There is no redis-server here.')
  const folder = await mkdtemp(join(tmpdir(), 'tabula-sentinel-'))
  const port = await freePort()
  const lines = [
    `port ${port}`,
    `dir ${folder}`,
    'bind 127.0.0.1',
    `sentinel monitor mymaster 127.0.0.1 ${primaryPort} 1`,
    'sentinel down-after-milliseconds mymaster 1000',
    'sentinel failover-timeout mymaster 6000',
  ]
  const file = join(folder, 'sentinel.conf')
  await writeFile(file, lines.join('\n'))
  const child = spawn(program, [file, '--sentinel'], { stdio: 'ignore' })
  await answers(port)
  await untilSo(() => redisCli(port, 'SENTINEL', 'REPLICAS', 'mymaster').includes('master-link-status'))
  return {
    port,
    primary: () =>
      Number(redisCli(port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster').split('\n')[1] ?? 0),
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilSo(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 30_000
  while (!isSo()) {
    if (Date.now() > end) throw new Error('The servers of Redis did not find each other.')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
