// bot run --workers N: as many server processes on one port, each started again where it ends by itself.

import cluster from 'node:cluster'
import type { Worker } from 'node:cluster'
import { once } from 'node:events'
import type { Settings } from '@tabula/core-server'
import { CodedError } from '@tabula/protocol'
import { type Console, tell } from '../console.ts'
import { stopSignal } from '../stopped.ts'

/** Milliseconds before a worker that ended is replaced, and until workers that do not stop are ended. */
const PAUSE = 1_000
const PATIENCE = 30_000

/** 0 after a graceful stop of all workers. */
export async function runWorkers(count: number, console: Console): Promise<number> {
  let isStopping = false
  let early = 0
  const replace = (worker: Worker, code: number): void => {
    if (isStopping) return
    early = worker.isConnected() || code === 0 ? 0 : early + 1
    tell(console, `A worker has ended with status ${code}; another one is started.`)
    setTimeout(
      () => {
        if (!isStopping) cluster.fork()
      },
      PAUSE * Math.min(early, 10),
    )
  }
  cluster.on('exit', replace)
  const started = Array.from({ length: count }, () => once(cluster.fork(), 'listening'))
  const stopped = stopSignal()
  const outcome = await Promise.race([
    Promise.all(started).then(() => 'listening' as const),
    once(cluster, 'exit').then(() => 'ended' as const),
    stopped,
  ])
  if (outcome === 'ended') {
    isStopping = true
    await stopAll()
    return 1
  }
  tell(console, `${count} workers answer. Ctrl-C stops them.`)
  await stopped
  isStopping = true
  await stopAll()
  return 0
}

/** Throws CodedError `cli.workers` where processes could not share what they need to share. */
export function checkWorkers(endpoints: Settings | undefined): void {
  const typeOf = (name: string): string => {
    const entry = endpoints?.[name]
    const type: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'type') : undefined
    return typeof type === 'string' ? type.toLowerCase() : ''
  }
  const store = typeOf('tracker_store')
  if (store === 'redis' || (store === 'sql' && typeOf('lock_store') === 'redis')) return
  throw new CodedError(
    'cli.workers',
    '--workers: several processes need one place for conversations and their order. Give endpoints.yml a tracker_store of ' +
      'type redis, or of type sql beside a lock_store of type redis.',
  )
}

async function stopAll(): Promise<void> {
  const workers = Object.values(cluster.workers ?? {}).filter(worker => worker !== undefined)
  const gone = workers.map(worker => once(worker, 'exit'))
  for (const worker of workers) worker.process.kill('SIGTERM')
  const timer = setTimeout(() => {
    for (const worker of workers) worker.process.kill('SIGKILL')
  }, PATIENCE)
  await Promise.all(gone)
  clearTimeout(timer)
}
