// The files of a project: which there are, and what they say.

import { readdir, readFile, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'

/** Files below a folder (or the file itself) in a fixed order, without hidden and installed ones; none where nothing is there. */
export async function filesBelow(path: string, endings: readonly string[]): Promise<string[]> {
  const found = await stat(path).catch(() => null)
  if (found === null) return []
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && endings.some(ending => entry.name.endsWith(ending)))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(
      file =>
        !relative(path, file)
          .split(sep)
          .some(part => part.startsWith('.') || part === 'node_modules'),
    )
    .toSorted()
}

/** The text of a file without a byte order mark; null where it is missing. */
export async function readText(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      return null
    throw error
  })
  return text === null ? null : text.replace(/^\uFEFF/, '')
}

/** The path as a person in the root folder would write it. */
export function shown(root: string, file: string): string {
  const path = relative(root, file)
  return path.startsWith('..') || isAbsolute(path) ? file : path
}
