// bot init and its flags.

import { type Command, Option } from 'commander'
import { addLogging } from '../flags.ts'
import type { Add } from './add.ts'

export const addInit: Add = (program, console, end, warn) => {
  addLogging(program.command('init').description('Write a small bot to begin with.'))
    .option('--no-prompt', 'ask nothing, take what is usual')
    .option('--init-dir <folder>', 'folder to write it to')
    .addOption(
      new Option('--template <name>', 'what to begin with')
        .choices(['starter', 'faq', 'form', 'rules'])
        .default('starter'),
    )
    .action(
      async (
        options: { prompt: boolean; initDir?: string; template?: 'starter' | 'faq' | 'form' | 'rules' },
        command: Command,
      ) => {
        warn(command)
        const { init } = await import('../commands/init.ts')
        end(await init(options, console))
      },
    )
}
