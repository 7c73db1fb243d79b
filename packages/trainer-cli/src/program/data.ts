// bot data and the commands below it.

import type { Command } from 'commander'
import { accepted, addLogging } from '../flags.ts'
import type { Add } from './add.ts'

export const addData: Add = (program, console, end, warn) => {
  const data = program.command('data').description('Look after training data.')
  addLogging(data.command('validate').description('Look for mistakes across the files of a project.'))
    .option('-c, --config <file>', 'the config', 'config.yml')
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('--data <paths...>', 'files or folders of training data', ['data'])
    .option('--fail-on-warnings', 'end with status 1 on warnings too')
    .addOption(accepted('--max-history <number>', 'stories are compared whole'))
    .action(async (options: object, command: Command) => {
      warn(command)
      const { validate } = await import('../commands/data-validate.ts')
      end(await validate(options, console))
    })
}
