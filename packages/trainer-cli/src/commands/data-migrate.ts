// bot data migrate: writes a project of Rasa 1 or 2 as Rasa 3 has it, and keeps a copy of every file that it replaces.

import { existsSync } from 'node:fs'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { migrateProject, type Migration } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { type Console, print, printJson } from '../console.ts'
import { showProblems } from '../output/show-problems.ts'
import { existingPath, existingPaths } from './existing-path.ts'

export interface MigrateFlags {
  readonly config?: string
  readonly domain?: string
  readonly data?: readonly string[]
  readonly out?: string
  readonly dryRun?: boolean
}

/** Where the old files are kept. */
const COPIES = 'before_migration'

/** 0 whether there was something to do or not: running it twice changes nothing. */
export async function migrate(flags: MigrateFlags, console: Console): Promise<number> {
  const { config = 'config.yml', domain = 'domain.yml', data = ['data'] } = flags
  const migration = await migrateProject(
    {
      root: console.folder,
      config: existingPath(config, 'config.yml', console),
      domain: existingPath(domain, 'domain.yml', console),
      data: existingPaths(data, 'data', console),
    },
    console.environment,
  )
  const { age, writes, replaced } = migration
  printJson(console, { age, written: [...writes.keys()], replaced, dry_run: flags.dryRun === true })
  if (age === '3') {
    print(console, 'The project is of Rasa 3 already: there is nothing to migrate.')
    return 0
  }
  showProblems(
    migration.problems.map(({ hint: _hint, ...problem }) => problem),
    console.folder,
    console,
  )
  if (flags.dryRun === true) {
    print(console, `Would be written: ${[...writes.keys()].join(', ')}.`)
    return 0
  }
  await (flags.out === undefined ? replace(migration, console) : writeTo(flags.out, migration, console))
  return 0
}

async function replace({ writes, replaced }: Migration, console: Console): Promise<void> {
  const { folder } = console
  const copies = join(folder, COPIES)
  if (existsSync(copies))
    throw new CodedError(
      'cli.copies-exist',
      `There is a folder ${COPIES} already, where the old files would be kept; nothing was written. Move it away, or name another folder for the new files with --out.`,
    )
  for (const file of replaced) {
    await mkdir(dirname(join(copies, file)), { recursive: true })
    await copyFile(join(folder, file), join(copies, file))
  }
  for (const [file, text] of writes) await put(join(folder, file), text)
  for (const file of replaced) if (!writes.has(file)) await rm(join(folder, file))
  print(console, `Written: ${[...writes.keys()].join(', ')}. The files before are in ${COPIES}/.`)
}

async function writeTo(out: string, { writes }: Migration, console: Console): Promise<void> {
  const folder = resolve(console.folder, out)
  for (const file of writes.keys())
    if (existsSync(join(folder, file)))
      throw new CodedError('cli.not-empty', `${join(out, file)} is there already; nothing was written.`)
  for (const [file, text] of writes) await put(join(folder, file), text)
  print(console, `Written to ${out}: ${[...writes.keys()].join(', ')}.`)
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
