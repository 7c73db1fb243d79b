// `bot types` and its flags.

import type { Command } from 'commander'
import { addLogging } from '../flags.ts'
import type { Add } from './add.ts'

export const addTypes: Add = (program, console, end, warn) => {
  addLogging(
    program
      .command('types')
      .description("Write the domain's names as TypeScript, for the handlers of actions."),
  )
    .option('-c, --config <file>', 'the config', 'config.yml')
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('--data <paths...>', 'files or folders of training data', ['data'])
    .option('--out <file>', 'the file to write', 'actions/bot.ts')
    .option('--check', 'write nothing; end with status 1 where the file is not up to date')
    .action(async (options: { out: string }, command: Command) => {
      warn(command)
      const { types } = await import('../commands/types.ts')
      end(await types(options, console))
    })
}
