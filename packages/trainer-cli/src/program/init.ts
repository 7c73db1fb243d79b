// bot init and its flags.

import type { Command } from 'commander'
import { addLogging } from '../flags.ts'
import type { Add } from './add.ts'

export const addInit: Add = (program, console, end, warn) => {
  addLogging(program.command('init').description('Write a small bot to begin with.'))
    .option('--no-prompt', 'ask nothing, take what is usual')
    .option('--init-dir <folder>', 'folder to write it to')
    .action(async (options: { prompt: boolean; initDir?: string }, command: Command) => {
      warn(command)
      const { init } = await import('../commands/init.ts')
      end(await init(options, console))
    })
}
