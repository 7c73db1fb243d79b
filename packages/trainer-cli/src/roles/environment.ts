// Settings from the environment and from .env: what is set in the environment wins.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type Role, textSetting } from '@tabula/core-server'
import { CodedError } from '@tabula/protocol'
import type { Console } from '../console.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment over the .env of the folder that the command is called in, over the project's. */
export async function readEnvironment(folder: string, console: Console): Promise<Environment> {
  const files = [...new Set([join(folder, '.env'), join(console.folder, '.env')])]
  const read = await Promise.all(
    files.map(async file => (existsSync(file) ? parseEnv(await readFile(file, 'utf8')) : {})),
  )
  return Object.assign({}, ...read, console.environment) as Environment
}

export const ROLES: readonly Role[] = ['all', 'api', 'inference', 'actions']

/** TABULA_ROLE, `all` without it. Throws CodedError `cli.role` for another word. */
export function readRole(environment: Environment): Role {
  const given = textSetting(environment, 'TABULA_ROLE')
  const role = ROLES.find(known => known === given)
  if (role !== undefined) return role
  throw new CodedError('cli.role', `TABULA_ROLE is '${given ?? ''}'; it must be one of ${ROLES.join(', ')}.`)
}
