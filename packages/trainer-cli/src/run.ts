// Runs one command of the bot: what it throws becomes a message and an exit status.

import { CommanderError } from 'commander'
import type { Console } from './console.ts'
import { showError } from './output/show-error.ts'
import { createProgram } from './program.ts'
import { Stopped } from './stopped.ts'

/** Exit statuses as Rasa's command line has them: 0, 1 for an error, 2 for arguments that are not understood, 130 for Ctrl-C. */
export async function run(args: readonly string[], terminal: Console): Promise<number> {
  const console: Console = { ...terminal, isJson: args.includes('--json') }
  let status = 0
  const program = createProgram(console, code => {
    status = code
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return statusOf(error, args)
    if (error instanceof Stopped) return error.status
    showError(error, console.folder, console)
    return 1
  }
}

function statusOf(error: CommanderError, args: readonly string[]): number {
  if (error.exitCode === 0) return 0
  if (error.code === 'commander.help') return args.length === 0 ? 1 : 0
  return 2
}
