// Trained parts by fingerprint, kept in a project's folder: what has not changed is not trained again.

import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodePart, encodePart, type SavedPart } from '@tabula/ml'

/** Bytes that a cache may hold; beyond them what was used longest ago goes. */
const MOST_BYTES = 512 * 2 ** 20

export class TrainingCache {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The part, or undefined where there is none or it cannot be read. */
  async get(fingerprint: string): Promise<SavedPart | undefined> {
    const file = this.#file(fingerprint)
    try {
      const part = decodePart(await readFile(file))
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
    try {
      await mkdir(this.#folder, { recursive: true })
      await writeFile(draft, encodePart(part))
      await rename(draft, this.#file(fingerprint))
    } catch {
      await rm(draft, { force: true })
    }
  }

  /** Takes away what was used longest ago until the rest fits. */
  async trim(mostBytes = MOST_BYTES): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    const files = await Promise.all(
      names.map(async name => {
        const file = join(this.#folder, name)
        const { size, mtimeMs } = await stat(file)
        return { file, size, mtimeMs }
      }),
    )
    let total = 0
    for (const { file, size } of files.toSorted((a, b) => b.mtimeMs - a.mtimeMs)) {
      total += size
      if (total > mostBytes) await rm(file, { force: true })
    }
  }

  #file(fingerprint: string): string {
    return join(this.#folder, `${fingerprint}.part`)
  }
}
