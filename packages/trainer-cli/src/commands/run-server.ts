// bot run: serves a model until it is told to stop.

import cluster from 'node:cluster'
import { numberSetting, type ServerOptions, start } from '@tabula/core-server'
import { type Console, tell } from '../console.ts'
import { endSoon, stopSignal } from '../stopped.ts'
import { checkWorkers, runWorkers } from './run-workers.ts'
import { type ServerFlags, serverOptions } from './server-settings.ts'

/** 0 after a graceful stop. */
export async function runServer(flags: ServerFlags, console: Console): Promise<number> {
  const options = await serverOptions(flags, console)
  const workers = flags.workers ?? 1
  const each = options.assistants === undefined ? [options] : Object.values(options.assistants.each)
  if (workers > 1) for (const { endpoints } of each) checkWorkers(endpoints)
  if (workers > 1 && cluster.isPrimary) return runWorkers(workers, console)
  const server = await start(options)
  if (cluster.isPrimary) tell(console, `${told(options, server.urls.server)} Ctrl-C stops it.`)
  await stopSignal()
  await server.stop(numberSetting(console.environment, 'TABULA_STOP_NOTICE'))
  endSoon()
  if (cluster.isWorker) process.disconnect()
  return 0
}

function told({ assistants }: ServerOptions, url: string): string {
  if (assistants === undefined) return `The server answers at ${url}.`
  const names = Object.keys(assistants.each)
  return `${names.length} assistants answer at ${url}/assistants/NAME: ${names.join(', ')}.`
}
