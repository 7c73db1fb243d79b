// Trained parts by fingerprint, kept in a project's folder: what has not changed is not trained again.

import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodePart, encodePart, type SavedPart } from '@tabula/ml'

/** Bytes that a cache may hold; beyond them what was used longest ago goes. */
const MOST_BYTES = 512 * 2 ** 20

/** A file begins with a hash of its name and content, so that a damaged or misplaced one is known. */
const SEAL_BYTES = 32

export class TrainingCache {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The part, or undefined where there is none or it is not as it was written. */
  async get(fingerprint: string): Promise<SavedPart | undefined> {
    const file = this.#file(fingerprint)
    try {
      const bytes = await readFile(file)
      const content = bytes.subarray(SEAL_BYTES)
      if (!sealOf(fingerprint, content).equals(bytes.subarray(0, SEAL_BYTES))) return undefined
      const part = decodePart(content)
      const now = new Date()
      await utimes(file, now, now)
      return part
    } catch {
      return undefined
    }
  }

  /** Keeps the part; a folder that cannot be written is no reason for a training to fail. */
  async set(fingerprint: string, part: SavedPart): Promise<void> {
    const draft = join(this.#folder, `.${fingerprint}.${randomBytes(4).toString('hex')}`)
    const content = encodePart(part)
    try {
      await mkdir(this.#folder, { recursive: true })
      await writeFile(draft, Buffer.concat([sealOf(fingerprint, content), content]))
      await rename(draft, this.#file(fingerprint))
    } catch {
      await rm(draft, { force: true }).catch(() => undefined)
    }
  }

  /** Takes away what was used longest ago until the rest fits. */
  async trim(mostBytes = MOST_BYTES): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    const files = await Promise.all(
      names.map(async name => {
        const file = join(this.#folder, name)
        const found = await stat(file).catch(() => null)
        return { file, size: found?.size ?? 0, time: found?.mtimeMs ?? 0 }
      }),
    )
    let total = 0
    for (const { file, size } of files.toSorted((a, b) => b.time - a.time)) {
      total += size
      if (total > mostBytes) await rm(file, { force: true }).catch(() => undefined)
    }
  }

  #file(fingerprint: string): string {
    return join(this.#folder, `${fingerprint}.part`)
  }
}

function sealOf(fingerprint: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(fingerprint).update(content).digest()
}
