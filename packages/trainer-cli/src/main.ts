// The bot command: reads the arguments, runs one command, and ends with its status.

import { run } from './run.ts'

// A command that does not see to Ctrl-C itself is ended by it, with the status that shells know for that.
process.on('SIGINT', () => {
  if (process.listenerCount('SIGINT') > 1) return
  process.stderr.write('\n')
  process.exit(130)
})

// Who reads on may stop before the end, as `| head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  isTerminal: process.stderr.isTTY && process.stdout.isTTY,
})
