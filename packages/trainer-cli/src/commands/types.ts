// bot types: the names of a domain as TypeScript, so that the compiler checks the handlers of its actions.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { readProject } from '@tabula/model'
import { saysTheSame, writeBotTypes } from '../bot-types/write-bot-types.ts'
import { type Console, print, tell } from '../console.ts'

export interface TypesFlags {
  readonly config?: string
  readonly domain?: string
  readonly data?: readonly string[]
  readonly out: string
  readonly check?: boolean
}

/** 0 where the file was written, or with `check` was up to date; 1 where it was not. */
export async function types(flags: TypesFlags, console: Console): Promise<number> {
  const { config = 'config.yml', domain = 'domain.yml', data = ['data'] } = flags
  const project = await readProject({ root: console.folder, config, domain, data }, console.environment)
  const text = writeBotTypes(project.domain)
  const file = resolve(console.folder, flags.out)
  const present = await readFile(file, 'utf8').catch(() => null)
  const isUpToDate = present !== null && saysTheSame(present, text)
  if (flags.check === true) {
    if (isUpToDate) return 0
    tell(console, `${flags.out} is not what the domain says. Run bot types.`)
    return 1
  }
  if (!isUpToDate) {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  print(console, `${flags.out} ${isUpToDate ? 'was up to date' : 'was written'}.`)
  return 0
}
