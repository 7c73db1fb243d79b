// bot evaluate markers: how often, and how early, markers apply in the stored conversations; tables as Rasa writes them.

import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openConversations } from '@tabula/core-server'
import { evaluateMarkers, type MarkerTables, readSettings } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { type Console, print, printJson } from '../console.ts'
import { existingPath } from './existing-path.ts'

export interface MarkerFlags {
  readonly strategy: 'all' | 'first_n' | 'sample_n'
  readonly count?: number
  readonly output: string
  readonly config?: string
  readonly stats?: boolean
  readonly statsFilePrefix?: string
  readonly endpoints?: string
  readonly domain?: string
  readonly seed?: number
}

/** 0 where the tables were written. Throws CodedError where one of them is there already: nothing is overwritten. */
export async function evaluateMarkersCommand(flags: MarkerFlags, console: Console): Promise<number> {
  const { config = 'markers.yml', statsFilePrefix = 'stats', domain = 'domain.yml', output } = flags
  const files = {
    hits: resolve(console.folder, output),
    overall: resolve(console.folder, `${statsFilePrefix}-overall.csv`),
    perSession: resolve(console.folder, `${statsFilePrefix}-per-session.csv`),
  }
  const wanted = flags.stats === false ? [files.hits] : Object.values(files)
  const taken = wanted.find(file => existsSync(file))
  if (taken !== undefined)
    throw new CodedError(
      'cli.file-exists',
      `${taken} is there already; nothing was written. Move it away, or name another file.`,
    )
  const endpoints =
    (await readSettings(join(console.folder, flags.endpoints ?? 'endpoints.yml'), console.environment)) ?? {}
  const source = await openConversations(endpoints)
  let tables: MarkerTables
  try {
    tables = await evaluateMarkers(source.conversations(), {
      root: console.folder,
      markers: config,
      domain: existingPath(domain, 'domain.yml', console),
      strategy: flags.strategy,
      ...(flags.count === undefined ? {} : { count: flags.count }),
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    })
  } finally {
    await source.close()
  }
  await writeFile(files.hits, tables.hits)
  if (flags.stats !== false) {
    await writeFile(files.overall, tables.overall)
    await writeFile(files.perSession, tables.perSession)
  }
  print(
    console,
    `${tables.conversations} conversations with ${tables.sessions} sessions were looked through: ${output}${flags.stats === false ? '' : `, ${statsFilePrefix}-overall.csv, ${statsFilePrefix}-per-session.csv`}.`,
  )
  printJson(console, { conversations: tables.conversations, sessions: tables.sessions, files: wanted })
  return 0
}
