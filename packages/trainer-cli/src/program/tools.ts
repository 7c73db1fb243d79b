// Commands beside the daily ones: evaluate markers, export, doctor, completion, telemetry, and a word on Rasa X.

import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { print, tell } from '../console.ts'
import { addJson, addLogging, portNumber, wholeNumber } from '../flags.ts'
import type { Add } from './add.ts'

export const addTools: Add = (program, console, end, warn) => {
  addEvaluate(program, console, end, warn)
  addExport(program, console, end, warn)
  addMigrate(program, console, end, warn)
  addJson(
    addLogging(
      program.command('doctor').description('Say what keeps the project from running, and how to mend it.'),
    ),
  )
    .option('-m, --model <path>', 'a model, or a folder whose newest one is taken', 'models')
    .option('--endpoints <file>', 'endpoints.yml', 'endpoints.yml')
    .option('-p, --port <number>', 'port that the server is to have', portNumber, 5005)
    .action(async (options: object, command: Command) => {
      warn(command)
      const { doctor } = await import('../commands/doctor.ts')
      end(await doctor(options, console))
    })
  program
    .command('completion')
    .description('Print a script that completes commands and flags in a shell.')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completion } = await import('../commands/completion.ts')
      end(completion(shell, program, console))
    })
  const telemetry = addLogging(
    program.command('telemetry').description('There is none: nothing is ever sent anywhere.'),
  )
  for (const name of ['enable', 'disable'])
    addLogging(telemetry.command(name).description('Changes nothing: there is no telemetry.')).action(() => {
      print(console, 'There is no telemetry: nothing is ever sent anywhere.')
    })
  program
    .command('x', { hidden: true })
    .argument('[anything...]')
    .allowUnknownOption()
    .action(() => {
      tell(
        console,
        'error: Rasa X is not part of this. `bot start` serves a chat page; histories and logins come with the server.',
      )
      end(1)
    })
}

const addEvaluate: Add = (program, console, end, warn) => {
  const evaluate = addLogging(program.command('evaluate').description('Measure stored conversations.'))
  const markers = addLogging(
    evaluate.command('markers').description('Find where markers apply in stored conversations.'),
  )
  const flags = (command: Command): Command =>
    addJson(addLogging(command))
      .option('--config <path>', 'file or folder of markers', 'markers.yml')
      .option('--no-stats', 'write no statistics')
      .option('--stats-file-prefix [prefix]', 'how the files of statistics begin', 'stats')
      .option('--endpoints <file>', 'endpoints.yml, with the tracker store', 'endpoints.yml')
      .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
  const run = async (options: object, command: Command): Promise<void> => {
    warn(command)
    const { evaluateMarkersCommand } = await import('../commands/evaluate-markers.ts')
    end(await evaluateMarkersCommand(options as Parameters<typeof evaluateMarkersCommand>[0], console))
  }
  const file = '<output_filename>'
  flags(markers.command('all').description('Look through all conversations.').argument(file)).action(
    (output: string, options: object, command: Command) =>
      run({ ...options, strategy: 'all', output }, command),
  )
  flags(
    markers
      .command('first_n')
      .description('Look through the first N conversations.')
      .argument('<count>', 'how many', wholeNumber)
      .argument(file),
  ).action((count: number, output: string, options: object, command: Command) =>
    run({ ...options, strategy: 'first_n', count, output }, command),
  )
  flags(
    markers
      .command('sample_n')
      .description('Look through N conversations, drawn at random.')
      .argument('<count>', 'how many', wholeNumber)
      .argument(file),
  )
    .option('--seed <number>', 'draws the same ones again', wholeNumber)
    .action((count: number, output: string, options: object, command: Command) =>
      run({ ...options, strategy: 'sample_n', count, output }, command),
    )
}

const addExport: Add = (program, console, end, warn) => {
  addJson(
    addLogging(
      program.command('export').description('Send stored events to the event brokers of endpoints.yml.'),
    ),
  )
    .option('--endpoints <file>', 'endpoints.yml', 'endpoints.yml')
    .option('--minimum-timestamp <seconds>', 'events at this time or later', anyNumber)
    .option('--maximum-timestamp <seconds>', 'events before this time', anyNumber)
    .option('--offset-timestamps-by-seconds <seconds>', 'shift the events in time', anyNumber)
    .option('--conversation-ids <ids>', 'conversations, separated by commas; all where absent')
    .action(async (options: object, command: Command) => {
      warn(command)
      const { exportEvents } = await import('../commands/export.ts')
      end(await exportEvents(options, console))
    })
}

const addMigrate: Add = (program, console, end, warn) => {
  const migrate = program.command('migrate').description('Move what is stored between Rasa and this server.')
  addJson(
    addLogging(
      migrate
        .command('store')
        .description('Leave all conversations where Rasa reads them. Stop the server first.'),
    ),
  )
    .addOption(new Option('--to <program>', 'who is to read them').choices(['rasa']).makeOptionMandatory())
    .option('--endpoints <file>', 'endpoints.yml', 'endpoints.yml')
    .action(async (options: object, command: Command) => {
      warn(command)
      const { migrateStore } = await import('../commands/migrate-store.ts')
      end(await migrateStore(options, console))
    })
}

function anyNumber(value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('It must be a number.')
  return number
}
