// The code that learns, as a fingerprint: what another version of it has learned is never reused.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const LEARNING_PACKAGES = ['@tabula/ml', '@tabula/nlu', '@tabula/dialogue'] as const

let known: Promise<string> | undefined

/** A hash of all code of the packages that learn; it is worked out once a process. */
export function engineFingerprint(): Promise<string> {
  known ??= hashCode()
  return known
}

async function hashCode(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of LEARNING_PACKAGES) {
    const folder = dirname(fileURLToPath(import.meta.resolve(name)))
    const files = (await readdir(folder, { recursive: true })).filter(isCode).toSorted()
    const texts = await Promise.all(files.map(file => readFile(join(folder, file))))
    files.forEach((file, index) => hash.update(`${name}/${file}\n`).update(texts[index] ?? ''))
  }
  return hash.digest('hex')
}

function isCode(file: string): boolean {
  return /(?<!\.test|\.d)\.[jt]s$/.test(file)
}
