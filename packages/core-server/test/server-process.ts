// For tests: a server as a process of its own, which prints its address and can be killed. Run by `startProcess`.

import { start } from '../src/main.ts'
import type { ServerOptions } from '../src/config/server-options.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as ServerOptions
const server = await start(options)
process.stdout.write(`${server.urls.server}\n`)
process.on('SIGTERM', () => {
  void server.stop().then(() => process.exit(0))
})
