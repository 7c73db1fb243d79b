// The commands and their flags: Rasa's words. What a command does is read only when it is run.

import { Command } from 'commander'
import { tell, type Console } from './console.ts'
import { accepted, addLogging, givenWithoutEffect, portNumber, wholeNumber } from './flags.ts'
import { VERSION_TEXT } from './version.ts'

type Setting = (status: number) => void

/** The program; `end` takes the exit status of the command that was run. */
export function createProgram(console: Console, end: Setting): Command {
  const program = new Command('bot')
    .description('Trains and runs Rasa projects, without Rasa and without Python.')
    .version(VERSION_TEXT, '--version', 'print the version and end')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: text => console.stdout.write(text),
      writeErr: text => console.stderr.write(text),
    })
  const warn = (command: Command): void => {
    for (const flag of givenWithoutEffect(command)) tell(console, `warning: ${flag} changes nothing here.`)
  }
  addInit(program, console, end, warn)
  addTrain(program, console, end, warn)
  addRun(program, console, end, warn)
  addShell(program, console, end, warn)
  addData(program, console, end, warn)
  addStart(program, console, end, warn)
  inherit(program)
  return program
}

/** Subcommands behave as the program does; a flag after a subcommand's name is the subcommand's (`train nlu --out x`). */
function inherit(command: Command): void {
  command.enablePositionalOptions()
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    inherit(child)
  }
}

type Add = (program: Command, console: Console, end: Setting, warn: (command: Command) => void) => void

const addInit: Add = (program, console, end, warn) => {
  addLogging(program.command('init').description('Write a small bot to begin with.'))
    .option('--no-prompt', 'ask nothing, take what is usual')
    .option('--init-dir <folder>', 'folder to write it to')
    .action(async (options: { prompt: boolean; initDir?: string }, command: Command) => {
      warn(command)
      const { init } = await import('./commands/init.ts')
      end(await init(options, console))
    })
}

const addTrain: Add = (program, console, end, warn) => {
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
    const { train: run } = await import('./commands/train.ts')
    end(await run({ ...options, scope: 'both' }, console))
  })
  trainingFlags(addLogging(train.command('nlu').description('Train understanding alone.')))
    .option('-u, --nlu <paths...>', 'files or folders of NLU data', ['data'])
    .addOption(accepted('--finetune [model]', 'training takes seconds'))
    .addOption(accepted('--epoch-fraction <fraction>'))
    .action(async (options: { nlu: string[] }, command: Command) => {
      warn(command)
      const { train: run } = await import('./commands/train.ts')
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
      const { train: run } = await import('./commands/train.ts')
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

const addRun: Add = (program, console, end, warn) => {
  const run = serverFlags(addLogging(program.command('run').description('Serve a trained model over HTTP.')))
    .argument('[model]', 'the model, as --model')
    .action(async (model: string | undefined, options: object, command: Command) => {
      warn(command)
      const { runServer } = await import('./commands/run-server.ts')
      end(await runServer({ ...(model === undefined ? {} : { model }), ...given(command, options) }, console))
    })
  addLogging(run.command('actions').description('Serve the custom actions of a folder.'))
    .option('-p, --port <number>', 'port', portNumber, 5055)
    .option('--cors <origins...>', 'origins that browsers may call from')
    .option('--actions <folder>', 'folder or file of the actions', 'actions')
    .addOption(accepted('--auto-reload'))
    .option('--ssl-keyfile <file>', 'key of the certificate, as PEM')
    .option('--ssl-certificate <file>', 'serve https with this certificate, as PEM')
    .option('--ssl-password <password>', 'password of the key')
    .action(async (options: { port: number; actions: string }, command: Command) => {
      warn(command)
      const { runActions } = await import('./commands/run-actions.ts')
      end(await runActions(options, console))
    })
}

/** Options with the defaults of flags that were not given left out, where a positional argument may stand for one. */
function given(command: Command, options: object): object {
  return command.getOptionValueSource('model') === 'cli' || command.args.length === 0
    ? options
    : Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'model'))
}

function serverFlags(command: Command): Command {
  return command
    .option('-m, --model <path>', 'a model, or a folder whose newest one is taken', 'models')
    .option('--endpoints <file>', 'endpoints.yml', 'endpoints.yml')
    .option('--credentials <file>', 'credentials.yml')
    .option('-i, --interface <address>', 'address to listen on', '0.0.0.0')
    .option('-p, --port <number>', 'port', portNumber, 5005)
    .option('-t, --auth-token <token>', 'token that API calls must carry')
    .option('--cors [origins...]', 'origins that browsers may call from; * for any')
    .option('--enable-api', "serve Rasa's HTTP API beside the channels")
    .option('--connector <name>', 'serve this channel alone')
    .option('--response-timeout <seconds>', 'an answer that has not begun by then is a 503', wholeNumber)
    .option('--request-timeout <seconds>', 'a request that has not arrived by then is a 408', wholeNumber)
    .option('--allow-host <hosts...>', 'hosts inside the network that callback_url may name')
    .addOption(accepted('--remote-storage <name>'))
    .addOption(accepted('--log-file <file>', 'redirect standard error instead'))
    .addOption(accepted('--use-syslog'))
    .addOption(accepted('--syslog-address <address>'))
    .addOption(accepted('--syslog-port <number>'))
    .addOption(accepted('--syslog-protocol <name>'))
    .option('--ssl-certificate <file>', 'serve https with this certificate, as PEM')
    .option('--ssl-keyfile <file>', 'key of the certificate, as PEM')
    .option('--ssl-ca-file <file>', 'certificates of authorities, as PEM')
    .option('--ssl-password <password>', 'password of the key')
    .option('--jwt-secret <secret>', 'shared secret, or public key as PEM, that API tokens are checked with')
    .option('--jwt-method <method>', 'HS256 (usual), HS384, HS512, or RS, ES, PS with 256, 384 or 512')
    .option('--jwt-private-key <key>', 'taken beside --jwt-secret; tokens are never issued here')
    .option('--jwt-issuer <name>', 'what the iss of a token must say')
    .option('--jwt-audience <name>', 'what the aud of a token must hold')
    .option('--jwt-require-expiry', 'refuse tokens without exp')
}

const addShell: Add = (program, console, end, warn) => {
  const shell = serverFlags(
    addLogging(program.command('shell').description('Talk to the bot in this terminal.')),
  )
    .argument('[model]', 'the model, as --model')
    .option('--conversation-id <id>', 'name of the conversation')
    .action(async (model: string | undefined, options: object, command: Command) => {
      warn(command)
      const { shell: run } = await import('./commands/shell.ts')
      end(await run({ ...(model === undefined ? {} : { model }), ...given(command, options) }, console))
    })
  addLogging(shell.command('nlu').description('Show how messages are understood.'))
    .argument('[model]', 'the model, as --model')
    .option('-m, --model <path>', 'a model, or a folder whose newest one is taken', 'models')
    .action(async (model: string | undefined, options: { model: string }, command: Command) => {
      warn(command)
      const { shellNlu } = await import('./commands/shell-nlu.ts')
      end(await shellNlu(model ?? options.model, console))
    })
}

const addData: Add = (program, console, end, warn) => {
  const data = program.command('data').description('Look after training data.')
  addLogging(data.command('validate').description('Look for mistakes across the files of a project.'))
    .option('-c, --config <file>', 'the config', 'config.yml')
    .option('-d, --domain <path>', 'the domain: a file or a folder', 'domain.yml')
    .option('--data <paths...>', 'files or folders of training data', ['data'])
    .option('--fail-on-warnings', 'end with status 1 on warnings too')
    .addOption(accepted('--max-history <number>', 'stories are compared whole'))
    .action(async (options: object, command: Command) => {
      warn(command)
      const { validate } = await import('./commands/data-validate.ts')
      end(await validate(options, console))
    })
}

const addStart: Add = (program, console, end, warn) => {
  addLogging(
    program.command('start').description('Train a project if need be, and run all of it in this process.'),
  )
    .argument('[project]', 'folder of the project', '.')
    .action(async (project: string, options: object, command: Command) => {
      warn(command)
      const { startProject } = await import('./commands/start-project.ts')
      end(await startProject({ project, ...options }, console))
    })
}
