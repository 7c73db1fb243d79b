// Holds the server against a recording of a bot: trains the bot, serves it, plays the cases, answers actions from the tape.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from '@tabula/core-server'
import { readProject, trainModel } from '@tabula/model'
import { compare, type Comparison, type KnownDifference } from './compare.ts'
import { play } from './play.ts'
import { readCases, readRecording, readTape } from './recording.ts'
import { startTape } from './tape.ts'

export interface HeldBot {
  /** Folder of the project. */
  readonly project: string
  /** The config that it was recorded with. */
  readonly config: string
  /** `NAME.golden.json`; `NAME.cases.json` and, where the bot calls actions, `NAME.tape.json` lie beside it. */
  readonly golden: string
}

export interface HeldAnswer extends Comparison {
  /** Calls of other actions than the tape holds, and calls on it that were never made. */
  readonly strayCalls: readonly string[]
}

/** How the server compares with the recording; everything that was started for it has ended. */
export async function holdBot(
  { project, config, golden }: HeldBot,
  known: readonly KnownDifference[],
): Promise<HeldAnswer> {
  const beside = (kind: string): string => golden.replace(/\.golden\.json$/, `.${kind}.json`)
  const folder = mkdtempSync(join(tmpdir(), 'tabula-held-'))
  const tape = await startTape(existsSync(beside('tape')) ? readTape(beside('tape')) : [])
  try {
    const trained = await trainModel(await readProject({ root: project, config }), {
      out: folder,
      cache: join(folder, 'cache'),
    })
    const server = await start({
      model: trained.file,
      endpoints: { action_endpoint: { url: tape.url } },
      credentials: { rest: null },
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      logLevel: 'silent',
    })
    try {
      const candidate = await play(server.urls.server, readCases(beside('cases')))
      const left = tape.left()
      const strayCalls = [
        ...tape.mismatches,
        ...(left === 0 ? [] : [`${left} calls on the tape were not made`]),
      ]
      return { ...compare(readRecording(golden), candidate, known), strayCalls }
    } finally {
      await server.stop()
    }
  } finally {
    await tape.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
