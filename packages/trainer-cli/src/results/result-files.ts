// Result files of tests, as Rasa lays them out: JSON with four spaces, written only where there is something to say.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What is written of a test. */
export interface ResultOptions {
  /** Folder of the results. */
  readonly out: string
  readonly successes: boolean
  readonly errors: boolean
  readonly warnings: boolean
  readonly plots: boolean
}

export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), `${JSON.stringify(value, null, 4)}\n`)
}

/** Writes the list, or takes away the one of an earlier run where it is empty now: an old error must not look like a new one. */
export async function writeList(folder: string, name: string, items: readonly unknown[]): Promise<void> {
  if (items.length > 0) await writeJson(folder, name, items)
  else await rm(join(folder, name), { force: true })
}
