// bot train, train nlu and train core, with their flags.

import type { Command } from 'commander'
import { accepted, addJson, addLogging, wholeNumber, wholeNumbers } from '../flags.ts'
import type { Add } from './add.ts'

export const addTrain: Add = (program, console, end, warn) => {
  const train = trainingFlags(
    addJson(addLogging(program.command('train').description('Train a model from the files of a project.'))),
  )
    .option('--data <paths...>', 'files or folders of NLU data, stories and rules', ['data'])
    .option('--dry-run', 'say what would be trained, and train nothing')
    .option('--skip-validation', 'train without looking for mistakes first')
    .option('--fail-on-validation-warnings', 'end with status 1 where validation warns')
    .option(
      '--validation-max-history <number>',
      'compare stories over so many steps before training; without it they are compared by `data validate` alone',
      wholeNumber,
    )
    .option('--augmentation <number>', 'how many stories are glued together', wholeNumber, 50)
    .addOption(accepted('--debug-plots'))
    .option('--force', 'train everything anew')
    .option(
      '--finetune [model]',
      'refuse what Rasa refuses to fine-tune; what has not changed is not trained again',
    )
    .addOption(accepted('--epoch-fraction <fraction>', 'training takes seconds'))
    .addOption(accepted('--endpoints <file>'))
  train.action(async (options: object, command: Command) => {
    warn(command)
    const { train: run } = await import('../commands/train.ts')
    end(await run({ ...options, scope: 'both' }, console))
  })
  trainingFlags(addJson(addLogging(train.command('nlu').description('Train understanding alone.'))))
    .option('-u, --nlu <paths...>', 'files or folders of NLU data', ['data'])
    .option(
      '--finetune [model]',
      'refuse what Rasa refuses to fine-tune; what has not changed is not trained again',
    )
    .addOption(accepted('--epoch-fraction <fraction>', 'training takes seconds'))
    .action(async (options: { nlu: string[] }, command: Command) => {
      warn(command)
      const { train: run } = await import('../commands/train.ts')
      end(await run({ ...options, data: options.nlu, scope: 'nlu', skipValidation: true }, console))
    })
  trainingFlags(addJson(addLogging(train.command('core').description('Train dialogue alone.'))))
    .option('-s, --stories <paths...>', 'files or folders of stories and rules', ['data'])
    .option('--augmentation <number>', 'how many stories are glued together', wholeNumber, 50)
    .addOption(accepted('--debug-plots'))
    .option('--force', 'train everything anew')
    .option(
      '--percentages [numbers...]',
      'with several configs: shares of the stories to leave out',
      wholeNumbers,
    )
    .option('--runs <number>', 'with several configs: how often', wholeNumber, 3)
    .option(
      '--finetune [model]',
      'refuse what Rasa refuses to fine-tune; what has not changed is not trained again',
    )
    .addOption(accepted('--epoch-fraction <fraction>', 'training takes seconds'))
    .action(async (options: { stories: string[]; percentages?: true | number[] }, command: Command) => {
      warn(command)
      const { train: run } = await import('../commands/train.ts')
      const { percentages, ...flags } = options
      const shares = percentages === undefined || percentages === true ? {} : { percentages }
      end(
        await run(
          { ...flags, ...shares, data: options.stories, scope: 'core', skipValidation: true },
          console,
        ),
      )
    })
}

function trainingFlags(command: Command): Command {
  return command
    .option('-c, --config <files...>', 'the config', ['config.yml'])
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('--out <folder>', 'where the model is written', 'models')
    .option('--fixed-model-name <name>', 'the name of the model file')
    .option(
      '--num-threads <number>',
      'how many threads may train at the same time; else as many as there are processors',
      wholeNumber,
    )
    .option('--persist-nlu-data', 'keep the NLU data in the model, as nlu_training_data.yml')
    .option('--strict', 'refuse components that others stand in for, as those of spaCy and MITIE')
}
