// The commands and their flags: Rasa's words. What a command does is read only when it is run.

import { Command, Option } from 'commander'
import { tell, type Console } from './console.ts'
import { addLogging, givenWithoutEffect, portNumber, wholeNumber } from './flags.ts'
import type { Add, Setting } from './program/add.ts'
import { addData } from './program/data.ts'
import { addDb } from './program/db.ts'
import { addInit } from './program/init.ts'
import { addInteractive } from './program/interactive.ts'
import { addTest } from './program/test.ts'
import { addTools } from './program/tools.ts'
import { addTrain } from './program/train.ts'
import { addVisualize } from './program/visualize.ts'
import { addTypes } from './program/types.ts'
import { VERSION_TEXT } from './version.ts'

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
  addTest(program, console, end, warn)
  addRun(program, console, end, warn)
  addShell(program, console, end, warn)
  addInteractive(program, console, end, warn)
  addData(program, console, end, warn)
  addTypes(program, console, end, warn)
  addVisualize(program, console, end, warn)
  addTools(program, console, end, warn)
  addStart(program, console, end, warn)
  addDev(program, console, end, warn)
  addDb(program, console, end, warn)
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

const addRun: Add = (program, console, end, warn) => {
  const run = serverFlags(addLogging(program.command('run').description('Serve a trained model over HTTP.')))
    .argument('[model]', 'the model, as --model')
    .option('--workers <number>', 'server processes on the port; they need Redis', wholeNumber, 1)
    .option('--assistants <file>', 'serve several assistants by name, as the file says')
    .action(async (model: string | undefined, options: object, command: Command) => {
      warn(command)
      const { runServer } = await import('./commands/run-server.ts')
      end(await runServer({ ...(model === undefined ? {} : { model }), ...given(command, options) }, console))
    })
  addLogging(run.command('actions').description('Serve the custom actions of a folder.'))
    .option('-p, --port <number>', 'port', portNumber, 5055)
    .option('--cors [origins...]', 'origins that browsers may call from; * for any')
    .option('--actions <folder>', 'folder or file of the actions', 'actions')
    .option('--auto-reload', 'load changed files again, while you develop')
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
    .option('--access-log', 'a line of the log for each request')
    .option('--allow-host <hosts...>', 'hosts inside the network that callback_url may name')
    .option('--remote-storage <name>', "take the model from a cloud's storage: aws, gcs or azure")
    .option('--log-file <file>', 'append the log to this file too')
    .option('--use-syslog', 'send the log to a syslog too')
    .option('--syslog-address <address>', 'where the syslog is', 'localhost')
    .option('--syslog-port <number>', 'its port', portNumber, 514)
    .addOption(new Option('--syslog-protocol <name>', 'UDP or TCP').choices(['UDP', 'TCP']).default('UDP'))
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

const addStart: Add = (program, console, end, warn) => {
  addLogging(
    program
      .command('start')
      .description('Train a project if need be, and run all of it in this process, or one role.'),
  )
    .argument('[project]', 'folder of the project', '.')
    .addOption(
      new Option('--role <role>', 'what to run: all of it, or one part').choices([
        'all',
        'api',
        'inference',
        'actions',
      ]),
    )
    .action(async (project: string, options: object, command: Command) => {
      warn(command)
      const { startProject } = await import('./commands/start-project.ts')
      end(await startProject({ project, ...options }, console))
    })
}

const addDev: Add = (program, console, end, warn) => {
  addLogging(
    program
      .command('dev')
      .description('Run all of a project while you write it: what changes is trained and reloaded.'),
  )
    .argument('[project]', 'folder of the project', '.')
    .action(async (project: string, options: object, command: Command) => {
      warn(command)
      const { dev } = await import('./commands/dev.ts')
      end(await dev({ project, ...options }, console))
    })
}
