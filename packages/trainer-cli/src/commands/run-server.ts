// bot run: serves a model until it is told to stop.

import cluster from 'node:cluster'
import { start } from '@tabula/core-server'
import { CodedError } from '@tabula/protocol'
import { type Console, tell } from '../console.ts'
import { stopSignal } from '../stopped.ts'
import { checkWorkers, runWorkers } from './run-workers.ts'
import { type ServerFlags, serverOptions } from './server-settings.ts'

/** Milliseconds after a stop in which whatever still holds the process is let go of. */
const LINGER = 2_000

/** 0 after a graceful stop. */
export async function runServer(flags: ServerFlags, console: Console): Promise<number> {
  const options = await serverOptions(flags, console)
  const workers = flags.workers ?? 1
  if (workers > 1) checkWorkers(options.endpoints)
  if (workers > 1 && cluster.isPrimary) return runWorkers(workers, console)
  const server = await start(options)
  if (cluster.isPrimary) tell(console, `The server answers at ${server.urls.server}. Ctrl-C stops it.`)
  await stopSignal()
  await server.stop(noticeOf(console))
  setTimeout(() => process.exit(0), LINGER).unref()
  if (cluster.isWorker) process.disconnect()
  return 0
}

/** TABULA_STOP_NOTICE: milliseconds between saying that it is not ready and taking no more, for balancers. */
function noticeOf({ environment }: Console): number {
  const value = environment['TABULA_STOP_NOTICE'] ?? '0'
  const notice = Number(value)
  if (Number.isInteger(notice) && notice >= 0 && notice <= 60_000) return notice
  throw new CodedError(
    'cli.notice',
    `TABULA_STOP_NOTICE is '${value}'; it should be 0 to 60000 milliseconds.`,
  )
}
