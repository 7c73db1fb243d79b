// Says which files of a project have changed, a moment after the last of them was written.

import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { join, sep } from 'node:path'

/** Milliseconds of quiet after which changes count: editors write a file in several steps. */
const QUIET = 120

/** Folders that a project's commands write to themselves, and packages: nothing in them is watched. */
const OWN = new Set(['models', 'results', 'node_modules', 'train_test_split', 'before_migration'])

export interface ProjectWatch {
  close(): void
}

/** Calls back with the paths from the folder, each once; a folder that cannot be watched is told to `onError`. */
export function watchProject(
  folder: string,
  onChange: (files: readonly string[]) => void,
  onError: (error: Error) => void,
): ProjectWatch {
  const changed = new Set<string>()
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const take = (file: string): void => {
    if (!isWatched(file)) return
    changed.add(file)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const files = [...changed].toSorted()
      changed.clear()
      onChange(files)
    }, QUIET)
  }
  const open = (name: string, recursive: boolean, onFile: (file: string) => void): void => {
    const path = join(folder, name)
    const watcher = watch(path, { recursive }, (_kind, file) => {
      if (file !== null) onFile(name === '' ? file : join(name, file))
    })
    watcher.on('error', error => {
      watchers.delete(name)
      // A folder that was taken away is no fault.
      if (isFolder(path)) onError(error)
    })
    watchers.set(name, watcher)
  }
  // Each folder of the first level by itself: those of packages may hold thousands.
  const openBelow = (name: string): void => {
    if (!watchers.has(name) && !isHidden(name) && isFolder(join(folder, name))) open(name, true, take)
  }
  open('', false, file => {
    if (!isFolder(join(folder, file))) take(file)
    else if (!watchers.has(file) && !isHidden(file)) {
      openBelow(file)
      for (const each of readdirSync(join(folder, file), { recursive: true })) take(join(file, String(each)))
    }
  })
  for (const name of readdirSync(folder)) openBelow(name)
  return {
    close() {
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function isHidden(part: string): boolean {
  return OWN.has(part) || (part.startsWith('.') && part !== '.env')
}

function isWatched(file: string): boolean {
  if (file.split(sep).some(isHidden)) return false
  return /(?:\.(?:ya?ml|md|json|txt|[mc]?[jt]s|py)|^\.env)$/.test(file)
}
