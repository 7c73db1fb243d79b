// Flags that several commands have, under Rasa's words.

import { type Command, InvalidArgumentError, Option } from 'commander'

/** -v, -vv, --debug, --quiet and --logging-config-file, as on every command of Rasa. */
export function addLogging(command: Command): Command {
  return command
    .addOption(
      new Option('-v, --verbose', 'say more; -vv says everything')
        .argParser((_value: string, before: number | undefined) => (before ?? 0) + 1)
        .preset('1'),
    )
    .option('--debug', 'say everything')
    .option('--quiet', 'say only what is wrong')
    .addOption(accepted('--logging-config-file <file>'))
}

/** --json, on commands whose result a program may want. */
export function addJson(command: Command): Command {
  return command.option('--json', 'print the result as one JSON object; all else goes to standard error')
}

export interface LoggingFlags {
  readonly verbose?: number
  readonly debug?: boolean
  readonly quiet?: boolean
  readonly loggingConfigFile?: string
}

/** The level of the server's log that the flags ask for; undefined leaves it to LOG_LEVEL. */
export function levelOf({ verbose = 0, debug, quiet }: LoggingFlags): 'debug' | 'info' | 'warn' | undefined {
  if (debug === true || verbose >= 2) return 'debug'
  if (verbose === 1) return 'info'
  return quiet === true ? 'warn' : undefined
}

/** A flag of Rasa that changes nothing here: taken, so that scripts go on working, and said in the help. */
export function accepted(flags: string, reason = ''): Option {
  return new Option(flags, `accepted, changes nothing${reason === '' ? '' : `: ${reason}`}`)
}

/** Flags that were given although they change nothing, by their names on the command line. */
export function givenWithoutEffect(command: Command): string[] {
  return command.options
    .filter(option => option.description.startsWith('accepted, changes nothing'))
    .filter(option => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map(option => option.long ?? option.flags)
}

export function wholeNumber(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.')
  return number
}

export function portNumber(value: string): number {
  const number = wholeNumber(value)
  if (number > 65_535) throw new InvalidArgumentError('It must be at most 65535.')
  return number
}

/** A number from 0 up to and with 1. */
export function share(value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('It must be a number from 0 to 1.')
  return number
}

/** For flags that take several numbers. */
export function wholeNumbers(value: string, before: readonly number[] | undefined): readonly number[] {
  return [...(before ?? []), wholeNumber(value)]
}
