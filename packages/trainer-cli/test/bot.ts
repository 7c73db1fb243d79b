// Runs the bot command for tests: as a process of its own, on a pseudo-terminal, or within this process where that is enough.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import type { ExecutionContext } from 'ava'
import { run } from '../src/index.ts'

export const LAUNCHER = join(import.meta.dirname, '../bin/bot.mjs')

/** What a command printed, and the status that it ended with. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface BotOptions {
  readonly folder: string
  /** Standard input; it ends after it. */
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Another Node than this one. */
  readonly node?: string
}

/** No command of a test runs longer. */
const LONGEST_MS = 60_000

/** Runs the launcher as a person's shell would. */
export function runBot(args: readonly string[], options: BotOptions): Promise<Ended> {
  const child = spawn(options.node ?? process.execPath, [LAUNCHER, ...args], {
    cwd: options.folder,
    env: { ...process.env, NO_COLOR: '', FORCE_COLOR: '', ...options.environment },
    timeout: LONGEST_MS,
  })
  child.stdin.end(options.input ?? '')
  return ended(child)
}

function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (part: Buffer) => (stdout += part.toString()))
  child.stderr?.on('data', (part: Buffer) => (stderr += part.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', status => {
      resolve({ status, stdout, stderr })
    })
  })
}

const SCRIPT = '/usr/bin/script'

/** Whether a pseudo-terminal can be had (`script` of util-linux). */
export const hasTerminal = existsSync(SCRIPT)

/** A person at a terminal: what has been shown so far, and keys to press. */
export interface Terminal {
  /** Resolves when what is shown matches; rejects when the command ends before. */
  shows(pattern: RegExp): Promise<void>
  /** The same for what comes after the last match of `next`; then the keys are pressed. */
  next(pattern: RegExp, keys: string): Promise<void>
  press(keys: string): void
  /** All that was shown so far. */
  shown(): string
  /** What was shown and the status, once the command has ended. */
  readonly end: Promise<{ readonly status: number | null; readonly shown: string }>
}

/** Runs the launcher on a pseudo-terminal. */
export function openTerminal(args: readonly string[], options: BotOptions): Terminal {
  const quoted = [process.execPath, LAUNCHER, ...args].map(word => `'${word.replaceAll("'", "'\\''")}'`)
  const child = spawn(SCRIPT, ['-qec', quoted.join(' '), '/dev/null'], {
    cwd: options.folder,
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '', FORCE_COLOR: '', ...options.environment },
    timeout: LONGEST_MS,
  })
  let shown = ''
  const waiting = new Set<() => void>()
  child.stdout.on('data', (part: Buffer) => {
    shown += part.toString()
    for (const look of waiting) look()
  })
  const end = new Promise<{ status: number | null; shown: string }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', status => {
      resolve({ status, shown })
    })
  })
  let seen = 0
  const shows = (pattern: RegExp, from = 0): Promise<number> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(shown.slice(from))
        if (match === null) return
        waiting.delete(look)
        resolve(from + match.index + match[0].length)
      }
      waiting.add(look)
      look()
      void end.then(({ status }) => {
        reject(
          new Error(`it ended with ${status} and did not show ${String(pattern)}:\n${shown.slice(from)}`),
        )
      })
    })
  return {
    end,
    press: keys => child.stdin.write(keys),
    shown: () => shown,
    shows: async pattern => {
      await shows(pattern)
    },
    next: async (pattern, keys) => {
      seen = await shows(pattern, seen)
      child.stdin.write(keys)
    },
  }
}

export interface QuickOptions {
  readonly folder: string
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs a command in this process: for what does not depend on there being one. */
export async function quickBot(args: readonly string[], options: QuickOptions): Promise<Ended> {
  const [stdout, stderr] = [new Sink(), new Sink()]
  const stdin = options.input === undefined ? new PassThrough().end() : Readable.from([options.input])
  const status = await run(args, {
    environment: options.environment ?? {},
    folder: options.folder,
    stdin,
    stdout,
    stderr,
    isTerminal: false,
  })
  return { status, stdout: stdout.text, stderr: stderr.text }
}

class Sink extends Writable {
  text = ''
  override _write(part: Buffer, _encoding: string, done: () => void): void {
    this.text += part.toString()
    done()
  }
}

/** Files by path; null takes one of the base's away. */
export type Files = Readonly<Record<string, string | null>>

/** A bot that trains in a blink and says hello and goodbye. */
export const TINY_BOT: Readonly<Record<string, string>> = {
  'config.yml': `recipe: default.v1
assistant_id: tiny
language: en
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
- name: RegexEntityExtractor
policies:
- name: MemoizationPolicy
- name: RulePolicy
`,
  'domain.yml': `version: "3.1"
intents:
- greet
- goodbye
entities:
- city
slots:
  city:
    type: text
    mappings:
    - type: from_entity
      entity: city
responses:
  utter_greet:
  - text: Hello!
  utter_goodbye:
  - text: Goodbye!
actions:
- action_look
`,
  'data/nlu.yml': `version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello there
    - good morning
    - hi bot
- intent: goodbye
  examples: |
    - bye for now
    - see you in [Rome](city)
    - farewell
- lookup: city
  examples: |
    - Rome
    - Oslo
`,
  'data/rules.yml': `version: "3.1"
rules:
- rule: say goodbye
  steps:
  - intent: goodbye
  - action: utter_goodbye
`,
  'data/stories.yml': `version: "3.1"
stories:
- story: greet and look
  steps:
  - intent: greet
  - action: utter_greet
  - action: action_look
`,
}

/** A folder with the tiny bot, the given files laid over it; it goes when the test ends. */
export async function tinyBot(t: ExecutionContext, files: Files = {}): Promise<string> {
  return folderOf(t, { ...TINY_BOT, ...files })
}

export async function folderOf(t: ExecutionContext, files: Files): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'tabula-cli-')))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  await writeFiles(root, files)
  return root
}

export async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) continue
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}
