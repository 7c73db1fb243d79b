// bot data and the commands below it.

import { type Command, Option } from 'commander'
import { addJson, addLogging, share, wholeNumber } from '../flags.ts'
import type { Add } from './add.ts'

export const addData: Add = (program, console, end, warn) => {
  const data = addLogging(program.command('data').description('Look after training data.'))
  const validate = (what: 'all' | 'stories') => async (options: object, command: Command) => {
    warn(command)
    const { validate: run } = await import('../commands/data-validate.ts')
    end(await run({ ...options, what }, console))
  }
  const flags = (command: Command): Command =>
    addJson(addLogging(command))
      .option('-c, --config <file>', 'the config', 'config.yml')
      .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
      .option('--data <paths...>', 'files or folders of training data', ['data'])
      .option('--fail-on-warnings', 'end with status 1 on warnings too')
      .option('--max-history <number>', 'steps back that stories are compared by; default: all', wholeNumber)
  const all = flags(data.command('validate').description('Look for mistakes across the files of a project.'))
  all.action(validate('all'))
  flags(all.command('stories').description('Look for mistakes in stories and rules alone.')).action(
    validate('stories'),
  )
  addSplit(data, console, end, warn)
  addConvert(data, console, end, warn)
  addMigrate(data, console, end, warn)
  addAdd(data, console, end, warn)
}

const addSplit: Add = (data, console, end, warn) => {
  const split = addLogging(
    data.command('split').description('Divide data into a part to train on and a part to test with.'),
  )
  const flags = (command: Command): Command =>
    addJson(addLogging(command))
      .option('-u, --nlu <path>', 'file or folder of the data', 'data')
      .option('--training-fraction <share>', 'share to train on', share, 0.8)
      .option('--random-seed <number>', 'another seed divides otherwise', wholeNumber)
      .option('--out <folder>', 'where the parts are written', 'train_test_split')
  flags(split.command('nlu').description('Divide NLU data; every intent is in both parts.')).action(
    async (options: object, command: Command) => {
      warn(command)
      const { splitNlu } = await import('../commands/data-split.ts')
      end(await splitNlu(options, console))
    },
  )
  flags(split.command('stories').description('Divide stories; rules stay with the part to train on.')).action(
    async (options: object, command: Command) => {
      warn(command)
      const { splitStories } = await import('../commands/data-split.ts')
      end(await splitStories(options, console))
    },
  )
}

const addConvert: Add = (data, console, end, warn) => {
  const convert = addLogging(data.command('convert').description('Write data in another format.'))
  addJson(addLogging(convert.command('nlu').description('Write NLU data as YAML, JSON or Markdown.')))
    .addOption(
      new Option('-f, --format <format>', 'format to write').choices(['yaml', 'json', 'md']).default('yaml'),
    )
    .option('--data <paths...>', 'files or folders to read, in whichever format', ['data'])
    .option('--out <path>', 'file or folder to write', 'converted_data')
    .option('-l, --language <code>', "language of Dialogflow's files", 'en')
    .action(async (options: object, command: Command) => {
      warn(command)
      const { convert: run } = await import('../commands/data-convert.ts')
      end(await run(options, console))
    })
}

const addMigrate: Add = (data, console, end, warn) => {
  addJson(
    addLogging(
      data
        .command('migrate')
        .description('Write a project of Rasa 1 or 2 as Rasa 3 has it; the old files are kept.'),
    ),
  )
    .option('-c, --config <file>', 'the config', 'config.yml')
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('--data <paths...>', 'files or folders of training data', ['data'])
    .option('--out <folder>', 'write the new files there, and leave the old ones alone')
    .option('--dry-run', 'say what would be written, and write nothing')
    .action(async (options: object, command: Command) => {
      warn(command)
      const { migrate } = await import('../commands/data-migrate.ts')
      end(await migrate(options, console))
    })
}

const addAdd: Add = (data, console, end, warn) => {
  addJson(
    addLogging(
      data
        .command('add')
        .description("Put new examples into the project's NLU files; all else in them stays as it is."),
    ),
  )
    .argument('<files...>', 'files or folders of examples, such as the export of the page "Misunderstood"')
    .option('-c, --config <file>', 'the config', 'config.yml')
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('--data <paths...>', 'files or folders of training data', ['data'])
    .option('--to <file>', 'the file for intents that have no examples yet')
    .option('--dry-run', 'say what would be added, and write nothing')
    .action(async (files: string[], options: object, command: Command) => {
      warn(command)
      const { addData: run } = await import('../commands/data-add.ts')
      end(await run(files, options, console))
    })
}
