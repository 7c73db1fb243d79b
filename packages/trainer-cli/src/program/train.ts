// bot train, train nlu and train core, with their flags.

import type { Command } from 'commander'
import { accepted, addLogging, wholeNumber } from '../flags.ts'
import type { Add } from './add.ts'

export const addTrain: Add = (program, console, end, warn) => {
  const train = trainingFlags(
    addLogging(program.command('train').description('Train a model from the files of a project.')),
  )
    .option('--data <paths...>', 'files or folders of NLU data, stories and rules', ['data'])
    .option('--dry-run', 'say what would be trained, and train nothing')
    .option('--skip-validation', 'train without looking for mistakes first')
    .option('--fail-on-validation-warnings', 'end with status 1 where validation warns')
    .addOption(accepted('--validation-max-history <number>', 'stories are compared whole'))
    .option('--augmentation <number>', 'how many stories are glued together', wholeNumber, 50)
    .addOption(accepted('--debug-plots'))
    .option('--force', 'train everything anew')
    .addOption(accepted('--finetune [model]', 'training takes seconds'))
    .addOption(accepted('--epoch-fraction <fraction>'))
    .addOption(accepted('--endpoints <file>'))
  train.action(async (options: object, command: Command) => {
    warn(command)
    const { train: run } = await import('../commands/train.ts')
    end(await run({ ...options, scope: 'both' }, console))
  })
  trainingFlags(addLogging(train.command('nlu').description('Train understanding alone.')))
    .option('-u, --nlu <paths...>', 'files or folders of NLU data', ['data'])
    .addOption(accepted('--finetune [model]', 'training takes seconds'))
    .addOption(accepted('--epoch-fraction <fraction>'))
    .action(async (options: { nlu: string[] }, command: Command) => {
      warn(command)
      const { train: run } = await import('../commands/train.ts')
      end(await run({ ...options, data: options.nlu, scope: 'nlu', skipValidation: true }, console))
    })
  trainingFlags(addLogging(train.command('core').description('Train dialogue alone.')))
    .option('-s, --stories <paths...>', 'files or folders of stories and rules', ['data'])
    .option('--augmentation <number>', 'how many stories are glued together', wholeNumber, 50)
    .addOption(accepted('--debug-plots'))
    .option('--force', 'train everything anew')
    .addOption(accepted('--percentages <numbers...>'))
    .addOption(accepted('--runs <number>'))
    .addOption(accepted('--finetune [model]', 'training takes seconds'))
    .addOption(accepted('--epoch-fraction <fraction>'))
    .action(async (options: { stories: string[] }, command: Command) => {
      warn(command)
      const { train: run } = await import('../commands/train.ts')
      end(await run({ ...options, data: options.stories, scope: 'core', skipValidation: true }, console))
    })
}

function trainingFlags(command: Command): Command {
  return command
    .option('-c, --config <files...>', 'the config', ['config.yml'])
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('--out <folder>', 'where the model is written', 'models')
    .option('--fixed-model-name <name>', 'the name of the model file')
    .addOption(accepted('--num-threads <number>'))
    .addOption(accepted('--persist-nlu-data'))
}
