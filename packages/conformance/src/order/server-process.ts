// A server as a process of its own, for `startServer`: it prints a line when it answers.

import { start } from '@tabula/core-server'
import type { ServerOptions } from '@tabula/core-server'

const server = await start(JSON.parse(process.argv[2] ?? '{}') as ServerOptions)
process.stdout.write(`${server.urls.server}\n`)
process.on('SIGTERM', () => {
  void server.stop(Number(process.argv[3] ?? 0)).then(() => process.exit(0))
})
