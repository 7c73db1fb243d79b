// The bot command: reads the arguments, runs one command, and ends with its status.

import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  isTerminal: process.stderr.isTTY && process.stdout.isTTY,
})
