// What `npm start` runs: `bot start` on example-bot, with the terminal, the signals and the exit status passed on.

import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bot = join(root, 'packages', 'trainer-cli', 'bin', 'bot.mjs')
const child = spawn(process.execPath, [bot, 'start', join(root, 'example-bot'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  // Trying out: a known admin, and no key to be made first.
  env: { DEMO: '1', ...process.env },
})

// A terminal sends Ctrl-C to the whole group: the child has it already, and this process only waits for its end.
process.on('SIGINT', () => undefined)
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', error => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
child.on('close', code => {
  process.exitCode = code ?? 1
})
