// The key that a demo signs its tokens with where none is set: made once, so that visitors and logins are known again after
// a restart. Outside the demo a key is always set by hand.

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flagSetting, textSetting } from '@tabula/core-server'
import type { Environment } from './environment.ts'

/** The environment, in the demo with the SECRET_KEY that lies in the project's .tabula folder where it has none. */
export async function withDemoKey(environment: Environment, folder: string): Promise<Environment> {
  if (!flagSetting(environment, 'DEMO') || textSetting(environment, 'SECRET_KEY') !== undefined)
    return environment
  const file = join(folder, '.tabula', 'demo-key')
  try {
    await mkdir(join(folder, '.tabula'), { recursive: true })
    await writeFile(file, randomBytes(48).toString('base64'), { flag: 'wx', mode: 0o600 })
  } catch {
    // It is there already, or nothing can be written here: then each start has a key of its own.
  }
  const key = await readFile(file, 'utf8').catch(() => '')
  return key === '' ? environment : { ...environment, SECRET_KEY: key }
}
