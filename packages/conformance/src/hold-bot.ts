// Holds the server against a recording of a bot: trains the bot, serves it, plays the cases, answers actions from the tape.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from '@tabula/core-server'
import { readProject, trainModel } from '@tabula/model'
import { compare, type Comparison, type KnownDifference } from './compare.ts'
import { play } from './play.ts'
import { type Cases, readCases, readRecording, readTape, type Recording } from './recording.ts'
import { startTape, type WatchCall } from './tape.ts'

export interface HeldBot {
  /** Folder of the project. */
  readonly project: string
  /** The config that it was recorded with. */
  readonly config: string
  /** `NAME.golden.json`; `NAME.cases.json` and, where the bot calls actions, `NAME.tape.json` lie beside it. */
  readonly golden: string
  /** Sees each action call that is on the tape. */
  readonly watch?: WatchCall
}

export interface HeldAnswer extends Comparison {
  /** Calls of other actions than the tape holds, and calls on it that were never made. */
  readonly strayCalls: readonly string[]
}

/** How the server compares with the recording; everything that was started for it has ended. */
export async function holdBot(
  { project, config, golden, watch }: HeldBot,
  known: readonly KnownDifference[],
): Promise<HeldAnswer> {
  const beside = (kind: string): string => golden.replace(/\.golden\.json$/, `.${kind}.json`)
  const tape = await startTape(existsSync(beside('tape')) ? readTape(beside('tape')) : [], watch)
  try {
    const candidate = await playBot({ project, config }, readCases(beside('cases')), tape.url)
    const left = tape.left()
    const strayCalls = [
      ...tape.mismatches,
      ...(left === 0 ? [] : [`${left} calls on the tape were not made`]),
    ]
    return { ...compare(readRecording(golden), candidate, known), strayCalls }
  } finally {
    await tape.close()
  }
}

/** What the server answers to the cases: the bot is trained and served, and its actions run at the address. */
export async function playBot(
  { project, config }: Omit<HeldBot, 'golden' | 'watch'>,
  cases: Cases,
  actions: string,
): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-held-'))
  try {
    const trained = await trainModel(await readProject({ root: project, config }), {
      out: folder,
      cache: join(folder, 'cache'),
    })
    const server = await start({
      model: trained.file,
      endpoints: { action_endpoint: { url: actions } },
      credentials: { rest: null },
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      logLevel: 'silent',
    })
    try {
      return await play(server.urls.server, cases)
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
