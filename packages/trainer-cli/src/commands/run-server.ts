// bot run: serves a model until it is told to stop.

import { start } from '@tabula/core-server'
import { type Console, tell } from '../console.ts'
import { stopSignal } from '../stopped.ts'
import { type ServerFlags, serverOptions } from './server-settings.ts'

/** 0 after a graceful stop. */
export async function runServer(flags: ServerFlags, console: Console): Promise<number> {
  const options = await serverOptions(flags, console)
  const server = await start(options)
  tell(console, `The server answers at ${server.urls.server}. Ctrl-C stops it.`)
  await stopSignal()
  await server.stop()
  return 0
}
