// Every flag of Rasa's command line is taken here under its name, and has its effect or stands among the differences.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import test from 'ava'
import type { Command, Option } from 'commander'
import { createProgram } from '../src/program.ts'

const ROOT = join(import.meta.dirname, '../../..')
const FLAGS = join(ROOT, '../shared/cli-flags.json')
const withFlags = existsSync(FLAGS) ? test : test.skip
const DIFFERENCES = readFileSync(join(ROOT, 'docs/differences.md'), 'utf8')

interface RasaFlag {
  readonly flags: readonly string[]
  readonly dest: string
  readonly default: unknown
  readonly nargs: number | string | null
  readonly choices: readonly string[] | null
  readonly positional?: boolean
}

const isListed = (flag: string): boolean => DIFFERENCES.includes(`\`${flag}\``)

function newProgram(): Command {
  const nowhere = new PassThrough().resume()
  return createProgram(
    {
      environment: {},
      folder: '.',
      stdin: nowhere,
      stdout: nowhere,
      stderr: nowhere,
      isTerminal: false,
    },
    () => undefined,
  )
}

/** `rasa data split nlu` here. */
function commandOf(program: Command, rasa: string): Command | undefined {
  return rasa
    .split(' ')
    .slice(1)
    .reduce<Command | undefined>(
      (command, name) => command?.commands.find(each => each.name() === name),
      program,
    )
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag)
}

/** How many values the flag takes, in argparse's words. */
function valuesOf(option: Option): number | string | null {
  if (option.variadic) return option.required ? '+' : '*'
  if (option.optional) return '?'
  return option.required ? null : 0
}

const rasaFlags = (): Readonly<Record<string, readonly RasaFlag[]>> =>
  JSON.parse(readFileSync(FLAGS, 'utf8')) as Record<string, RasaFlag[]>

/** Whether what Rasa takes is taken: a list where one value is, and none or one where one is, take more. */
function takesAll(mine: number | string | null, theirs: number | string | null): boolean {
  if (mine === theirs) return true
  return theirs === null ? mine === '+' || mine === '*' || mine === '?' : theirs === '+' && mine === '*'
}

withFlags(
  'every command of Rasa is there, and every flag of each by all its names, with the same number of values',
  t => {
    const wrong: string[] = []
    for (const [name, flags] of Object.entries(rasaFlags())) {
      if (name === 'rasa x') continue
      const command = commandOf(newProgram(), name)
      if (command === undefined) {
        wrong.push(`there is no ${name}`)
        continue
      }
      for (const { flags: names, nargs, choices, positional, dest } of flags) {
        if (positional === true) {
          if (command.registeredArguments.length === 0) wrong.push(`${name} takes no ${dest}`)
          continue
        }
        for (const flag of names.filter(each => each !== '-vv')) {
          const option = optionOf(command, flag)
          if (option === undefined) wrong.push(`${name} has no ${flag}`)
          if (option === undefined || dest === 'loglevel') continue
          const [mine, theirs] = [valuesOf(option), nargs]
          if (!takesAll(mine, theirs)) wrong.push(`${name} ${flag} takes ${mine}, not ${theirs}`)
          const missing = (choices ?? []).filter(choice => option.argChoices?.includes(choice) !== true)
          if (missing.length > 0) wrong.push(`${name} ${flag} does not take ${missing.join()}`)
        }
      }
    }
    t.deepEqual(wrong, [])
  },
)

withFlags('a flag that is not given means what it means in Rasa', t => {
  const wrong: string[] = []
  const one = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value)
  for (const [name, flags] of Object.entries(rasaFlags())) {
    const command = commandOf(newProgram(), name)
    for (const { flags: names, default: usual, nargs } of flags) {
      const option = command === undefined ? undefined : optionOf(command, names.at(-1) ?? '')
      if (option === undefined || usual === null || nargs === 0 || usual === '==RANDOM HEX==') continue
      const mine = one(option.defaultValue)
      const flag = names.at(-1) ?? ''
      const isSame = JSON.stringify(mine) === JSON.stringify(one(usual))
      if (isSame || (mine === undefined && LATER.has(flag))) continue
      if (!isListed(flag))
        wrong.push(`${name} ${flag}: ${JSON.stringify(mine)} is not ${JSON.stringify(usual)}`)
    }
  }
  t.deepEqual(wrong, [])
})

/** Defaults that are filled in behind the command line, as Rasa's. */
const LATER = new Set(['--response-timeout', '--jwt-method', '--percentages', '--domain', '--model'])

withFlags('every flag that changes nothing is named among the differences', t => {
  const wrong = new Set<string>()
  for (const name of Object.keys(rasaFlags())) {
    const command = commandOf(newProgram(), name)
    for (const { long, description } of command?.options ?? [])
      if (description.startsWith('accepted, changes nothing'))
        if (!isListed(long ?? '')) wrong.add(`${name} ${long ?? ''}`)
  }
  t.deepEqual([...wrong], [])
})

withFlags('every flag is taken as Rasa’s users write it', async t => {
  const wrong: string[] = []
  for (const [name, flags] of Object.entries(rasaFlags())) {
    const path = name.split(' ').slice(1)
    const positional = flags
      .filter(flag => flag.positional === true && flag.nargs !== '?')
      .map(({ dest }) => (dest === 'count' ? '3' : 'x'))
    if (commandOf(newProgram(), name)?.commands.length !== 0 && flags.length === 0) continue
    for (const { flags: names, nargs, choices, dest } of flags) {
      if (names[0] === '--version') continue
      for (const flag of names) {
        const program = newProgram()
        const run: string[] = []
        commandOf(program, name)?.action(() => {
          run.push(flag)
        })
        const value = choices?.[0] ?? VALUES[dest] ?? '1'
        const words = nargs === 0 ? [flag] : [flag, value]
        // A list of values would take what stands behind it.
        await program
          .parseAsync([...path, ...positional, ...words], { from: 'user' })
          .catch((error: unknown) => {
            wrong.push(`${name} ${words.join(' ')}: ${String(error)}`)
          })
        if (run.length === 0) wrong.push(`${name} ${words.join(' ')} is not run`)
      }
    }
  }
  t.deepEqual(wrong, [])
})

const VALUES: Readonly<Record<string, string>> = { training_fraction: '0.5', syslog_protocol: 'UDP' }

withFlags('every flag that is taken without a word is read by the command that takes it', t => {
  const sources = ['commands', 'chat', 'interactive', 'dev', 'roles', 'results']
    .flatMap(folder =>
      readdirSync(join(ROOT, 'packages/trainer-cli/src', folder)).map(name => join(folder, name)),
    )
    .filter(name => !name.endsWith('.test.ts'))
    .map(name => readFileSync(join(ROOT, 'packages/trainer-cli/src', name), 'utf8'))
    .join('\n')
  const wrong = new Set<string>()
  for (const name of Object.keys(rasaFlags()))
    for (const option of commandOf(newProgram(), name)?.options ?? []) {
      if (option.description.startsWith('accepted, changes nothing') || option.long === '--version') continue
      // `--stories` and `--nlu` of a training are its `data`; `--e2e` is handed on as `endToEnd`.
      const read = new RegExp(`\\b${RENAMED[option.attributeName()] ?? option.attributeName()}\\b`)
      if (!read.test(sources)) wrong.add(`${name} ${option.long ?? ''}`)
    }
  t.deepEqual([...wrong], [])
})

const RENAMED: Readonly<Record<string, string>> = { e2e: 'endToEnd', verbose: 'flags', debug: 'flags' }
