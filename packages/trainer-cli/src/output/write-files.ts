// Writes several files of a project: first all beside their places, then all into them, so that none is half written.

import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes the texts to their paths below the root. Where one cannot be written, none is. */
export async function writeFiles(root: string, texts: ReadonlyMap<string, string>): Promise<void> {
  const ready: { readonly from: string; readonly to: string }[] = []
  try {
    for (const [file, text] of texts) {
      const to = join(root, file)
      const from = `${to}.${process.pid}.new`
      await mkdir(dirname(to), { recursive: true })
      ready.push({ from, to })
      await writeFile(from, text)
    }
  } catch (error) {
    await Promise.all(ready.map(({ from }) => rm(from, { force: true })))
    throw error
  }
  for (const { from, to } of ready) await rename(from, to)
}
