// bot interactive and interactive core, with their flags.

import type { Command } from 'commander'
import { accepted, addLogging, portNumber, wholeNumber } from '../flags.ts'
import type { Add } from './add.ts'

export const addInteractive: Add = (program, console, end, warn) => {
  const run =
    (scope: 'both' | 'core') =>
    async (
      model: string | undefined,
      options: { stories?: string; e2e?: boolean; config: string },
      command: Command,
    ): Promise<void> => {
      warn(command)
      const { interactive: start } = await import('../commands/interactive.ts')
      const { stories, e2e, config, ...flags } = options
      end(
        await start(
          {
            ...flags,
            config: [config],
            ...(model === undefined ? {} : { model }),
            ...(stories === undefined ? {} : { data: [stories] }),
            ...(e2e === undefined ? {} : { endToEnd: e2e }),
            scope,
          },
          console,
        ),
      )
    }
  const interactive = sessionFlags(
    program
      .command('interactive')
      .description('Teach the bot in a conversation, and keep it as training data.'),
  )
    .option('--e2e', 'write stories with the words of the messages')
    .option('--data <paths...>', 'files or folders of NLU data, stories and rules', ['data'])
    .option('--persist-nlu-data', 'keep the NLU data in the model, as nlu_training_data.yml')
    .option('--force', 'train everything anew')
  interactive.action(run('both'))
  sessionFlags(
    interactive.command('core').description('The same with a model that is trained on dialogue alone.'),
  )
    .option('-s, --stories <path>', 'file or folder of stories and rules', 'data')
    .action(run('core'))
}

function sessionFlags(command: Command): Command {
  return addLogging(command)
    .argument('[model]', 'a trained model, as --model')
    .option('-m, --model <path>', 'a trained model; without one, one is trained first')
    .option(
      '-p, --port <number>',
      'port of the server; the page of the stories is on the next one',
      portNumber,
      5005,
    )
    .option('--skip-visualization', 'serve no page of the stories')
    .option('--conversation-id <id>', 'name of the conversation')
    .option('--endpoints <file>', 'endpoints.yml', 'endpoints.yml')
    .option('-c, --config <file>', 'the config', 'config.yml')
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('--out <folder>', 'where the model is written', 'models')
    .option('--augmentation <number>', 'how many stories are glued together', wholeNumber, 50)
    .addOption(accepted('--debug-plots'))
    .addOption(accepted('--finetune [model]', 'training takes seconds'))
    .addOption(accepted('--epoch-fraction <fraction>', 'training takes seconds'))
}
