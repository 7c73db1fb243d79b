// bot visualize and its flags.

import type { Command } from 'commander'
import { addJson, addLogging, wholeNumber } from '../flags.ts'
import type { Add } from './add.ts'

export const addVisualize: Add = (program, console, end, warn) => {
  addJson(
    addLogging(program.command('visualize').description('Draw the stories as a page to look around in.')),
  )
    .option('-c, --config <file>', 'the config', 'config.yml')
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('-s, --stories <path>', 'file or folder of stories and rules', 'data')
    .option('--out <file>', 'the page', 'graph.html')
    .option('--max-history <number>', 'steps that must agree for two nodes to be one', wholeNumber, 2)
    .option('-u, --nlu <path>', 'NLU data whose examples are shown beside intents')
    .action(async (options: object, command: Command) => {
      warn(command)
      const { visualize } = await import('../commands/visualize.ts')
      end(await visualize(options, console))
    })
}
