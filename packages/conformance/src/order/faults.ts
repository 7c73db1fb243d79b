// Faults by a seed: one or two at once, a few seconds apart, each healed again.

import { spawnSync } from 'node:child_process'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import type { History } from './history.ts'
import type { RunningProcess } from './servers.ts'

export interface FaultParts {
  readonly history: History
  readonly servers: readonly RunningProcess[]
  readonly redis: RedisServer
  readonly random: () => number
  /** When the run is over, on the monotonic clock. */
  readonly end: number
  readonly kinds?: readonly string[] | undefined
}

type Inject = (parts: FaultParts, server: RunningProcess) => Promise<void>

const FAULTS: Readonly<Record<string, Inject>> = {
  'kill a server': async (_, server) => {
    await server.kill()
    await sleep(300)
    await server.start()
  },
  'pause a server': async (_, server) => {
    server.signal('SIGSTOP')
    await sleep(12_500)
    server.signal('SIGCONT')
  },
  'stop a server': async (_, server) => {
    await server.stop()
    await server.start()
  },
  'kill redis': async ({ redis }) => {
    await redis.signal('SIGKILL')
    await redis.restart()
  },
  'let tickets lapse': async ({ redis }) => {
    for (let round = 0; round < 10; round += 1) {
      // Stands for a jump of Redis's clock.
      redisCli(
        redis,
        'EVAL',
        "for _, key in ipairs(redis.call('KEYS', '*:ticket')) do redis.call('PEXPIRE', key, 1) end return 1",
        '0',
      )
      await sleep(50)
    }
  },
  'drop connections': async ({ redis }) => {
    redisCli(redis, 'CLIENT', 'KILL', 'TYPE', 'normal')
  },
  'forget scripts': async ({ redis }) => {
    redisCli(redis, 'SCRIPT', 'FLUSH')
  },
}

export const FAULT_KINDS: readonly string[] = Object.keys(FAULTS)

/** Resolves shortly before the end, with everything healed. */
export async function injectFaults(parts: FaultParts): Promise<void> {
  const { history, servers, random, end, kinds = FAULT_KINDS } = parts
  const under = new Set<Promise<void>>()
  const busy = new Set<RunningProcess>()
  const failures: unknown[] = []
  for (;;) {
    await sleep(1_000 + random() * 2_000)
    // The longest fault must be healed before the senders stop.
    const kind = kinds[Math.floor(random() * kinds.length)] ?? ''
    const free = servers.filter(server => !busy.has(server))
    const server = free[Math.floor(random() * free.length)]
    if (performance.now() > end - (kind === 'pause a server' ? 14_000 : 4_000)) {
      if (performance.now() > end - 4_000) break
      continue
    }
    if (server === undefined || free.length < 2 || under.size >= 2) continue
    busy.add(server)
    history.faults.push({ kind, at: performance.now() })
    const fault = (FAULTS[kind] ?? (async () => undefined))(parts, server)
      .catch((error: unknown) => {
        failures.push(error)
      })
      .finally(() => {
        busy.delete(server)
        under.delete(fault)
      })
    under.add(fault)
  }
  await Promise.all(under)
  if (failures.length > 0) throw new AggregateError(failures, 'A fault could not be healed.')
}

export function redisCli(redis: RedisServer, ...args: readonly string[]): string {
  return spawnSync('redis-cli', ['-p', String(redis.port), ...args], { encoding: 'utf8', timeout: 10_000 })
    .stdout
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))
