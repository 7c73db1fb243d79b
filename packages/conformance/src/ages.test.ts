// Bots of Rasa 1.10, 2.8 and 3.6, each held against what the real Rasa of its age answered: as they stand, and migrated.

import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { startActionServer } from '@tabula/action-sdk'
import test from 'ava'
import type { JsonValue } from '@tabula/protocol'
import { run } from '@tabula/trainer-cli'
import { playBot } from './hold-bot.ts'
import { readCases, readRecording, readTape, type Recording } from './recording.ts'
import { startTape } from './tape.ts'
import { TEA_ROOM_ACTIONS } from './tea-room-actions.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/ages')
const CASES = readCases(join(FOLDER, 'cases.json'))

/**
 * Where Rasa 1.10 took back a message at the end of a form, the form waited for its last answer again; since Rasa 2 all of
 * the form's turns are taken back with it. Turns by conversation and number.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = { '1.10': ['order 3', 'order 5'] }

/** What was answered, by conversation and number of the turn. */
function answers({ conversations }: Recording): Map<string, JsonValue> {
  return new Map(
    conversations.flatMap(({ id, steps }) =>
      steps.map(({ answer }, index): [string, JsonValue] => [`${id} ${index}`, answer.body]),
    ),
  )
}

/** The answers of the project in the folder that are not those of the Rasa of that age. */
async function differences(age: string, project: string): Promise<string[]> {
  const server =
    age === '1.10'
      ? await startTape(readTape(join(FOLDER, `${age}.tape.json`)))
      : await startActionServer({ handlers: TEA_ROOM_ACTIONS, port: 0 })
  const url = 'close' in server ? server.url : `${server.url}/webhook`
  try {
    const ours = answers(await playBot({ project, config: join(project, 'config.yml') }, CASES, url))
    const theirs = answers(readRecording(join(FOLDER, `${age}.golden.json`)))
    return [...theirs].flatMap(([turn, answer]) =>
      JSON.stringify(plain(answer)) === JSON.stringify(plain(ours.get(turn) ?? null)) ? [] : [turn],
    )
  } finally {
    await ('close' in server ? server.close() : server.stop())
  }
}

/** The same value with its keys in one order. */
function plain(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, plain(each as JsonValue)]),
  )
}

for (const age of ['1.10', '2.8', '3.6'])
  test(`a bot of Rasa ${age} answers as it did there, message by message`, async t => {
    t.deepEqual(await differences(age, join(FOLDER, age)), KNOWN[age] ?? [])
  })

/** The command in this process; its status. */
function bot(args: readonly string[], folder: string): Promise<number> {
  const nowhere = new PassThrough().resume()
  return run(args, {
    environment: {},
    folder,
    stdin: new PassThrough().end(),
    stdout: nowhere,
    stderr: nowhere,
    isTerminal: false,
  })
}

for (const age of ['1.10', '2.8'])
  test(`a bot of Rasa ${age} answers the same once it is migrated; migrating twice changes nothing`, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'tabula-age-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    await cp(join(FOLDER, age), folder, { recursive: true })
    t.is(await bot(['data', 'migrate'], folder), 0)
    const domain = await readFile(join(folder, 'domain.yml'), 'utf8')
    t.is(
      await readFile(join(folder, 'before_migration/domain.yml'), 'utf8'),
      await readFile(join(FOLDER, age, 'domain.yml'), 'utf8'),
    )
    t.is(await bot(['data', 'migrate'], folder), 0)
    t.is(await readFile(join(folder, 'domain.yml'), 'utf8'), domain)
    t.deepEqual(await differences(age, folder), KNOWN[age] ?? [])
  })
